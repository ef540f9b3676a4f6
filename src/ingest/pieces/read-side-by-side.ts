/** Which inputs are read in pieces, a large file or a pipe that brings much; what they leave is read as any other. */
import type { DecodeOptions, Format } from '../../decode/format.js';
import { kernelReads } from '../../decode/kernel/kernel-formats.js';
import { toInputError } from '../../input/file-source.js';
import { ANY_LINES } from '../../input/input-source.js';
import { LARGE_FILE_BYTES } from '../../large-file.js';
import type { IngestRequest } from '../ingest-request.js';
import type { IngestRun } from '../ingest-run.js';
import { loadKernel } from '../load-kernel.js';
import type { Reading } from '../reading.js';
import { usualJobs } from '../../early-worker.js';
import type { PieceSetup, PlainDecodeOptions } from './piece.js';
import { readPieces, type PiecesRead, type PlacedBatch } from './read-pieces.js';
import { readSlabs } from './read-slabs.js';

export async function readSideBySide(
  run: IngestRun,
  request: IngestRequest,
  reading: Reading,
  format: Format,
  firstLine: string,
): Promise<void> {
  const { decode, decoder, store, jobs = usualJobs(), signal } = request;
  if (decoder === 'reference' || !kernelReads(format, decode, firstLine)) return;
  // One thread alone does well to read in pieces, too, but where it has rows to store meanwhile.
  if (jobs < 2 && store !== null) return;
  const { plainFile, plainPipe, sizeBytes, name } = reading.source;
  const { offset: from, lines: linesBefore } = reading.start;
  const setup = (): PieceSetup => ({
    module: loadKernel(),
    use: store === null ? 'counted' : 'copied',
    format: format.name,
    firstLine,
    options: plainOptions(decode),
    fd: plainFile?.fd ?? null,
    blocks: 0,
  });
  const spansLines = format.leavesOpen !== undefined;
  if (plainFile && sizeBytes !== null && sizeBytes - from >= LARGE_FILE_BYTES) {
    const { noteRead } = plainFile;
    const pieces = readPieces({
      setup: setup(),
      from,
      linesBefore,
      to: sizeBytes,
      jobs,
      spansLines,
      signal,
      noteRead,
    });
    const read = await commitAll(run, reading, pieces);
    if (read?.fault)
      throw toInputError(Object.assign(new Error(read.fault.message), { code: read.fault.code }), name);
  } else if (plainPipe) {
    // Where a record began in a slab and went on in the next one, nobody could read that one anew.
    const suits = format.areRecords ?? ANY_LINES;
    await commitAll(run, reading, readSlabs({ setup: setup(), pipe: plainPipe, jobs, suits }));
  }
}

/** Hands all batches to the committer; what the generator returns, or null where another process has read further. */
async function commitAll(
  run: IngestRun,
  reading: Reading,
  batches: AsyncGenerator<PlacedBatch, PiecesRead | null>,
): Promise<PiecesRead | null> {
  // Whoever brings the next batch hears of a failure.
  const commitLive = (): void => void run.committer.flush().catch(() => undefined);
  const stopLive = reading.source.replayable ? null : run.committer.whenDue(commitLive);
  try {
    for (let next = await batches.next(); ; next = await batches.next()) {
      if (next.done) return next.value;
      if (reading.overtaken) return null;
      const { decoded, tail } = next.value;
      reading.passed(tail, decoded.endOffset, decoded.lines);
      await run.committer.add(reading, reading.mark(decoded));
    }
  } finally {
    stopLive?.();
    // Also where a commit has failed its threads have to end.
    await batches.return(null);
  }
}

function plainOptions({ goals, ...options }: DecodeOptions): PlainDecodeOptions {
  const { defaultCurrency, inputZone, fieldPaths, includeBots } = options;
  return { defaultCurrency, inputZone, fieldPaths, goals: goals.map(({ text }) => text), includeBots };
}
