/** The worker thread's entry: decodes the pieces that it is sent. */
import { parentPort } from 'node:worker_threads';
import { PieceDecoder } from './piece-decoder.js';
import type { PieceAnswer, PieceRequest } from './piece.js';

let decoder: PieceDecoder | null = null;

// What the pool of this same folder sends.
parentPort?.on('message', (request: PieceRequest) => {
  if (request.kind === 'setup') {
    decoder = new PieceDecoder(request.setup);
    if (request.setup.blocks > 0) answer({ kind: 'blocks', blocks: decoder.blocks() });
    return;
  }
  if (!decoder) throw new Error('a worker was asked for something before it was set up');
  if (request.kind === 'memory') {
    decoder.giveBack(request.memory);
    return;
  }
  if (request.kind === 'sums') {
    answer({ kind: 'sums', sums: decoder.takeSums() });
    return;
  }
  answer({ kind: 'piece', piece: decoder.decode(request.piece) });
});

function answer(message: PieceAnswer): void {
  parentPort?.postMessage(message);
}
