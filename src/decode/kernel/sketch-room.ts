/** Where the sketches of users go that are taken out of a kernel: many in one piece of memory, one behind the other. */
import { REGISTERS } from '../../aggregate/hyperloglog.js';

const SKETCHES_A_PIECE = 64;

export class SketchRoom {
  #piece = new ArrayBuffer(0);
  #used = 0;

  copyOf(registers: Uint8Array): Uint8Array {
    if (this.#used === this.#piece.byteLength) {
      this.#piece = new ArrayBuffer(SKETCHES_A_PIECE * REGISTERS);
      this.#used = 0;
    }
    const copy = new Uint8Array(this.#piece, this.#used, REGISTERS);
    copy.set(registers);
    this.#used += REGISTERS;
    return copy;
  }
}
