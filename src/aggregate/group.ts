/** What is kept for one group of events: a campaign, a source, or all of them. */
import { DistinctCounter, type UserSums } from './distinct-counter.js';

/** Money is kept by currency: totals never mix them. */
export interface Takings {
  conversions: number;
  refunds: number;
  /** Conversion amounts less refunds. */
  revenueMicros: bigint;
}

/** The sums of a group, wherever they were made: they can come from another thread. */
export interface GroupSums {
  readonly clicks: number;
  readonly conversions: number;
  readonly refunds: number;
  readonly takings: ReadonlyMap<string, Readonly<Takings>>;
  readonly users: UserSums;
  readonly firstEventMicros: bigint | null;
  readonly lastEventMicros: bigint | null;
}

export class Group implements GroupSums {
  clicks = 0;
  conversions = 0;
  refunds = 0;
  readonly takings = new Map<string, Takings>();
  readonly users = new DistinctCounter();
  firstEventMicros: bigint | null = null;
  lastEventMicros: bigint | null = null;

  /** Adds events whose users and takings are added apart from them. */
  addCounts(clicks: number, conversions: number, refunds: number, first: bigint, last: bigint): void {
    if (clicks + conversions + refunds === 0) return;
    this.clicks += clicks;
    this.conversions += conversions;
    this.refunds += refunds;
    this.#addMoment(first);
    this.#addMoment(last);
  }

  addTakings(isRefund: boolean, amountMicros: bigint, currency: string): void {
    const takings = this.#takingsIn(currency);
    if (isRefund) {
      takings.refunds++;
      takings.revenueMicros -= amountMicros;
    } else {
      takings.conversions++;
      takings.revenueMicros += amountMicros;
    }
  }

  merge(other: GroupSums): void {
    this.clicks += other.clicks;
    this.conversions += other.conversions;
    this.refunds += other.refunds;
    for (const [currency, theirs] of other.takings) {
      const ours = this.#takingsIn(currency);
      ours.conversions += theirs.conversions;
      ours.refunds += theirs.refunds;
      ours.revenueMicros += theirs.revenueMicros;
    }
    this.users.merge(other.users);
    if (other.firstEventMicros !== null) this.#addMoment(other.firstEventMicros);
    if (other.lastEventMicros !== null) this.#addMoment(other.lastEventMicros);
  }

  /** The sums as plain data, which another thread can be sent. */
  sums(): GroupSums {
    const { clicks, conversions, refunds, takings, users, firstEventMicros, lastEventMicros } = this;
    const keys = users.keys && Float64Array.from(users.keys);
    return {
      clicks,
      conversions,
      refunds,
      takings,
      users: { keys, registers: users.registers },
      firstEventMicros,
      lastEventMicros,
    };
  }

  #addMoment(micros: bigint): void {
    if (this.firstEventMicros === null || micros < this.firstEventMicros) this.firstEventMicros = micros;
    if (this.lastEventMicros === null || micros > this.lastEventMicros) this.lastEventMicros = micros;
  }

  #takingsIn(currency: string): Takings {
    let takings = this.takings.get(currency);
    if (!takings) {
      takings = { conversions: 0, refunds: 0, revenueMicros: 0n };
      this.takings.set(currency, takings);
    }
    return takings;
  }
}
