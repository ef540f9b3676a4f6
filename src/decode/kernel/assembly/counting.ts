/** The pass over the rows of a batch that counts them in their groups; and another one over those that are money. */
import { MICROS_PER_HOUR, hourOf, latestHourOf } from './buckets';
import { MONEY_KEY, combinationOf, keyOfCodes } from './combinations';
import * as dictionaries from './dictionary';
import { addSighting, fieldOf, groupOf, groupsStart } from './groups';
import * as layout from './layout';
import { addMoney, addTo128 } from './money';
import * as rows from './rows';
import { AD, BUCKET_CLICKS, BUCKET_CONVERSIONS, BUCKET_MONEY, CLICKS, PRODUCT, SOURCE } from './summary';
import { userOf } from './users';

/** The rows of the batch that are money, by number. */
const moneyRows: usize = heap.alloc(layout.ROW_CAPACITY * 4 + 4);
let moneyCount: u32 = 0;

/** Counts all rows of the batch. */
export function addRows(): void {
  countEvents();
  countMoney();
}

/** Columns as they lie behind the first one. */
const COLUMN_BYTES: u32 = layout.ROW_CAPACITY * 8;
const SOURCES: u32 = layout.SOURCE * COLUMN_BYTES;
const MEDIUMS: u32 = layout.MEDIUM * COLUMN_BYTES;
const ADS: u32 = layout.AD_ID * COLUMN_BYTES;

/** Counts what events of all types have: a campaign, or none, an hour, a combination, a moment and a user. */
function countEvents(): void {
  const first = groupsStart(0);
  const ofCodes = dictionaries.groupsOfCodes(layout.CAMPAIGN_ID);
  const types = rows.types;
  const count = rows.rowCount;
  let codes = rows.codeCell(layout.CAMPAIGN_ID, 0);
  let users = rows.keyCell(layout.USER_ID, 0);
  let timestamps = rows.timestamps;
  let hour: i64 = 0;
  let hourStart: i64 = 0;
  let moneyRow = moneyRows;
  for (let row: u32 = 0; row < count; row++) {
    const micros = load<i64>(timestamps);
    if (<u64>(micros - hourStart) >= <u64>MICROS_PER_HOUR) {
      hour = hourOf(micros);
      hourStart = hour * MICROS_PER_HOUR;
    }
    const isClick = <u32>(<u32>load<u8>(types + row) == layout.CLICK);
    const user = userOf(load<u64>(users));
    const campaign = groupOf(first, ofCodes, 0, load<u32>(codes));
    const latest = latestHourOf(campaign, hour);
    store<u32>(latest, load<u32>(latest, BUCKET_CLICKS) + isClick, BUCKET_CLICKS);
    addSighting(campaign, micros, user);
    const key = keyOfCodes(load<u32>(codes, SOURCES), load<u32>(codes, MEDIUMS), load<u32>(codes, ADS));
    // Source, medium and ad are a click's: all else is of one combination.
    const combination = combinationOf(select<u64>(key, MONEY_KEY, isClick != 0));
    if (combination == 0) {
      countApart(row);
    } else {
      store<u32>(combination, load<u32>(combination, CLICKS) + isClick, CLICKS);
      addSighting(combination, micros, user);
    }
    // Where it is none, the next one is written over it.
    store<u32>(moneyRow, row);
    moneyRow += (1 - isClick) * 4;
    codes += 4;
    users += 8;
    timestamps += 8;
  }
  moneyCount = <u32>(moneyRow - moneyRows) / 4;
}

/** Counts a click in each of its groups. */
function countApart(row: u32): void {
  for (let table = SOURCE; table <= AD; table++) {
    const field = fieldOf(table);
    const code = load<u32>(rows.codeCell(field, row));
    const group = groupOf(groupsStart(table), dictionaries.groupsOfCodes(field), table, code);
    store<u32>(group, load<u32>(group, CLICKS) + 1, CLICKS);
    addSighting(group, load<i64>(rows.timestamps + row * 8), userOf(load<u64>(rows.keyCell(layout.USER_ID, row))));
  }
}

/** Conversions and refunds: those of campaigns and their hours, and of products. */
function countMoney(): void {
  const campaigns = groupsStart(0);
  const products = groupsStart(PRODUCT);
  const ofCampaigns = dictionaries.groupsOfCodes(layout.CAMPAIGN_ID);
  const ofProducts = dictionaries.groupsOfCodes(layout.PRODUCT);
  const count = moneyCount;
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(moneyRows + i * 4);
    const type = <u32>load<u8>(rows.types + row);
    const micros = load<i64>(rows.timestamps + row * 8);
    const campaign = groupOf(campaigns, ofCampaigns, 0, load<u32>(rows.codeCell(layout.CAMPAIGN_ID, row)));
    addMoney(campaign, type, row);
    const latest = latestHourOf(campaign, hourOf(micros));
    const conversions = load<u32>(latest, BUCKET_CONVERSIONS) + <u32>(type == layout.CONVERSION);
    store<u32>(latest, conversions, BUCKET_CONVERSIONS);
    addTo128(latest + BUCKET_MONEY, type, load<u64>(rows.amounts + row * 8));
    const product = groupOf(products, ofProducts, PRODUCT, load<u32>(rows.codeCell(layout.PRODUCT, row)));
    addMoney(product, type, row);
    addSighting(product, micros, userOf(load<u64>(rows.keyCell(layout.USER_ID, row))));
  }
}
