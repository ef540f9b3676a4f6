/** Some of the rows of a batch: a byte for each, where a Set of all of them would take forty. */
export class RowSet {
  readonly #length: number;
  #isIn: Uint8Array | null = null;
  #size = 0;

  constructor(length: number) {
    this.#length = length;
  }

  get size(): number {
    return this.#size;
  }

  add(row: number): void {
    if (this.has(row)) return;
    this.#isIn ??= new Uint8Array(this.#length);
    this.#isIn[row] = 1;
    this.#size++;
  }

  has(row: number): boolean {
    return this.#isIn?.[row] === 1;
  }
}
