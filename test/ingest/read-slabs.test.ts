/** A pipe that threads decode: every line once, however the pipe and whoever takes the batches hold things up. */
import { spawn, spawnSync } from 'node:child_process';
import { constants, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PipeReader } from '../../src/input/pipe-reader.js';
import { StreamSource } from '../../src/input/stream-source.js';
import { loadKernel } from '../../src/ingest/load-kernel.js';
import type { PieceSetup } from '../../src/ingest/pieces/piece.js';
import { readSlabs } from '../../src/ingest/pieces/read-slabs.js';
import { temporaryFolder } from '../support/cli.js';

const LINE = '{"type":"click","timestamp":"2026-06-01T12:00:00Z","user_id":"u","campaign_id":"c"}\n';
/** More than all blocks hold. */
const LINES = 600_000;
/** A busy machine may bring little for long. */
const PATIENCE_MS = 10_000;

/** Writes the first bytes of a file, waits, and writes the others. */
const SLOW_START = `
const { readFileSync, openSync, writeSync } = require('node:fs');
const [file, pipe, first, pause] = process.argv.slice(1);
const bytes = readFileSync(file);
const fd = openSync(pipe, 'w');
const write = (from, to) => { for (let at = from; at < to;) at += writeSync(fd, bytes, at, to - at); };
write(0, Number(first));
setTimeout(() => write(Number(first), bytes.length), Number(pause));`;

function pipeOf(content: string, first: number, pause: number): PipeReader {
  const folder = temporaryFolder();
  const [pipe, file] = [join(folder, 'pipe'), join(folder, 'file')];
  writeFileSync(file, content);
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  spawn(process.execPath, ['-e', SLOW_START, file, pipe, String(first), String(pause)]);
  return new PipeReader(reading);
}

describe('slabs of a pipe', () => {
  it.each([
    ['copied', 2, 2_600_000],
    ['copied', 3, 2_600_000],
    ['counted', 1, 2_600_000],
    ['counted', 2, 4_600_000],
  ] as const)(
    'come through where batches are not taken for a while: %s, %i threads',
    async (use, jobs, first) => {
      const source = new StreamSource(
        '-',
        pipeOf(LINE.repeat(LINES), first, 70),
        new AbortController().signal,
      );
      await source.head(() => true);
      const setup: PieceSetup = {
        module: loadKernel(),
        use,
        format: 'ndjson',
        firstLine: '',
        options: {
          defaultCurrency: 'USD',
          inputZone: 'UTC',
          fieldPaths: new Map(),
          goals: [],
          includeBots: false,
        },
        fd: null,
        blocks: 0,
      };
      const pipe = source.plainPipe;
      if (!pipe) throw new Error('expected a plain pipe');
      let lines = 0;
      let batches = 0;
      for await (const { decoded } of readSlabs({ setup, pipe, jobs, patienceMs: PATIENCE_MS })) {
        lines += decoded.lines;
        decoded.giveBack?.();
        if (++batches <= 2) await new Promise((resolve) => setTimeout(resolve, 600));
      }
      const slabLines = lines;
      for await (const block of source.read()) lines += block.toString('latin1').split('\n').length - 1;
      await source.close();
      expect(lines).toBe(LINES);
      expect(slabLines).toBeGreaterThan(LINES / 2);
    },
  );
});
