/** The worker thread's entry: decodes the pieces that it is sent. */
import { parentPort } from 'node:worker_threads';
import { PieceDecoder } from './piece-decoder.js';
import type { PieceAnswer, PieceRequest } from './piece.js';

let decoder: PieceDecoder | null = null;

// What the pool of this same folder sends.
parentPort?.on('message', (request: PieceRequest) => {
  if (request.kind === 'setup') {
    decoder = new PieceDecoder(request.setup);
    return;
  }
  if (!decoder) throw new Error('a worker was asked for something before it was set up');
  if (request.kind === 'memory') {
    decoder.giveBack(request.memory);
    return;
  }
  if (request.kind === 'sums') {
    answer({ kind: 'sums', sums: decoder.takeSums() }, []);
    return;
  }
  const piece = decoder.decode(request.piece);
  answer({ kind: 'piece', piece }, piece.memory ? [piece.memory] : []);
});

function answer(message: PieceAnswer, transferred: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transferred);
}
