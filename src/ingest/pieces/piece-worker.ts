/** The worker thread's entry: decodes the pieces that it is sent. */
import { parentPort, workerData } from 'node:worker_threads';
import { transferables } from '../../decode/kernel/kernel-columns.js';
import { PieceDecoder } from './piece-decoder.js';
import type { PieceAnswer, PieceRequest, PieceSetup } from './piece.js';

// What the pool of this same folder sends.
const decoder = new PieceDecoder(workerData as PieceSetup);

parentPort?.on('message', (request: PieceRequest) => {
  if (request.kind === 'sums') {
    answer({ kind: 'sums', sums: decoder.takeSums() }, []);
    return;
  }
  const piece = decoder.decode(request.piece);
  const arrays = piece.batches.flatMap(({ batch: { columns } }) => (columns ? transferables(columns) : []));
  answer({ kind: 'piece', piece }, piece.memory ? [...arrays, piece.memory] : arrays);
});

function answer(message: PieceAnswer, transferred: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transferred);
}
