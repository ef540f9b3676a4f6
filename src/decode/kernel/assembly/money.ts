/** The money of the tables' groups, by currency: sums of 128 bits, and how many events they are of. */
import { groupCount, groupsStart, groupsUsed, placeOf, takings, totals } from './groups';
import * as layout from './layout';
import * as rows from './rows';
import { CONVERSIONS, MAX_CURRENCIES, MONEY_BYTES, REFUNDS, TABLES } from './summary';

const GROUP_MONEY_BYTES: u32 = MAX_CURRENCIES * MONEY_BYTES;
/** Of each group, in their order. */
let moneys: usize = 0;

export function createMoney(): void {
  moneys = heap.alloc(groupCount * GROUP_MONEY_BYTES);
}

/** To be called while it is known which groups were used. */
export function clearMoney(): void {
  for (let table: u32 = 0; table < TABLES; table++) {
    memory.fill(moneyStart(table), 0, groupsUsed(table) * GROUP_MONEY_BYTES);
  }
  memory.fill(moneyOf(totals), 0, GROUP_MONEY_BYTES);
  memory.fill(moneyOf(takings), 0, GROUP_MONEY_BYTES);
}

/** Where the money of a group begins, and behind it that of the next one. */
@inline
function moneyOf(group: usize): usize {
  return moneys + placeOf(group) * GROUP_MONEY_BYTES;
}

/** Of a table's groups, MAX_CURRENCIES each. */
export function moneyStart(table: u32): usize {
  return moneyOf(groupsStart(table));
}

/** Counts a row that is a conversion or a refund. */
export function addMoney(group: usize, type: u32, row: u32): void {
  const money = moneyOf(group) + load<u32>(rows.codeCell(layout.CURRENCY, row)) * MONEY_BYTES;
  if (type == layout.REFUND) {
    store<u32>(group, load<u32>(group, REFUNDS) + 1, REFUNDS);
    store<u32>(money, load<u32>(money, 4) + 1, 4);
  } else {
    store<u32>(group, load<u32>(group, CONVERSIONS) + 1, CONVERSIONS);
    store<u32>(money, load<u32>(money) + 1);
  }
  addTo128(money + 8, type, load<u64>(rows.amounts + row * 8));
}

/** Adds the money of one group to that of another one. */
export function mergeMoney(toGroup: usize, fromGroup: usize): void {
  let to = moneyOf(toGroup);
  let from = moneyOf(fromGroup);
  for (let currency: u32 = 0; currency < MAX_CURRENCIES; currency++) {
    store<u32>(to, load<u32>(to) + load<u32>(from));
    store<u32>(to, load<u32>(to, 4) + load<u32>(from, 4), 4);
    merge128(to + 8, from + 8);
    to += MONEY_BYTES;
    from += MONEY_BYTES;
  }
}

/** Adds an amount to 128 bits, or for a refund takes it off. */
export function addTo128(at: usize, type: u32, amount: u64): void {
  const low = load<u64>(at);
  if (type == layout.REFUND) {
    store<u64>(at, low - amount);
    if (low < amount) store<i64>(at, load<i64>(at, 8) - 1, 8);
  } else {
    const sum = low + amount;
    store<u64>(at, sum);
    if (sum < low) store<i64>(at, load<i64>(at, 8) + 1, 8);
  }
}

export function merge128(to: usize, from: usize): void {
  const low = load<u64>(from);
  const sum = load<u64>(to) + low;
  store<u64>(to, sum);
  store<i64>(to, load<i64>(to, 8) + load<i64>(from, 8) + <i64>(sum < low), 8);
}
