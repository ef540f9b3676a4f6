/** What a group gets of one batch: gathered in plain numbers first, so that a row costs no bigint and no lookup. */
import type { EventBatch } from '../event/event-batch.js';
import type { Group } from './group.js';

/** The rows of a batch, with what is worked out once for all groups. */
export interface TalliedRows {
  readonly batch: EventBatch;
  /** Microseconds since the epoch; rounded where a double cannot hold them. */
  readonly moments: Float64Array;
}

export class GroupTally<G extends Group = Group> {
  readonly group: G;
  #clicks = 0;
  #conversions = 0;
  #refunds = 0;
  #firstRow = -1;
  #lastRow = -1;
  #firstMoment = Number.POSITIVE_INFINITY;
  #lastMoment = Number.NEGATIVE_INFINITY;

  constructor(group: G) {
    this.group = group;
  }

  addClick(row: number, moment: number, user: number, rows: TalliedRows): void {
    this.#clicks++;
    this.group.users.add(user);
    this.#addMoment(row, moment, rows);
  }

  addMoney(row: number, moment: number, user: number, isRefund: boolean, rows: TalliedRows): void {
    if (isRefund) this.#refunds++;
    else this.#conversions++;
    this.group.users.add(user);
    this.#addMoment(row, moment, rows);
  }

  /** Hands over what was gathered. */
  settle({ batch }: TalliedRows): void {
    this.group.addCounts(
      this.#clicks,
      this.#conversions,
      this.#refunds,
      batch.timestampMicros[this.#firstRow] ?? 0n,
      batch.timestampMicros[this.#lastRow] ?? 0n,
    );
  }

  #addMoment(row: number, moment: number, { batch: { timestampMicros } }: TalliedRows): void {
    if (
      moment <= this.#firstMoment &&
      (moment < this.#firstMoment || isEarlier(timestampMicros, row, this.#firstRow))
    ) {
      this.#firstMoment = moment;
      this.#firstRow = row;
    }
    if (
      moment >= this.#lastMoment &&
      (moment > this.#lastMoment || isEarlier(timestampMicros, this.#lastRow, row))
    ) {
      this.#lastMoment = moment;
      this.#lastRow = row;
    }
  }
}

/** Of moments whose doubles are the same, rounded as they may be. */
function isEarlier(micros: BigInt64Array, row: number, other: number): boolean {
  return (
    Math.abs(Number(micros[row])) > Number.MAX_SAFE_INTEGER && (micros[row] ?? 0n) < (micros[other] ?? 0n)
  );
}

/** The moments of a batch as doubles. */
export function momentsOf({ timestampMicros, length }: EventBatch): Float64Array {
  const words = new Uint32Array(timestampMicros.buffer, timestampMicros.byteOffset, length * 2);
  const moments = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    moments[row] = ((words[2 * row + 1] ?? 0) | 0) * 2 ** 32 + (words[2 * row] ?? 0);
  }
  return moments;
}
