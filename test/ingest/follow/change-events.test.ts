import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ChangeEvents } from '../../../src/ingest/follow/change-events.js';
import { NEVER, temporaryDirectories } from '../../input/blocks.js';

const newDirectory = temporaryDirectories();
const LONG_MS = 30_000;

function watching(...folders: string[]): ChangeEvents {
  const changes = new ChangeEvents();
  onTestFinished(() => {
    changes.close();
  });
  changes.watch(new Set(folders));
  return changes;
}

async function tookMs(work: Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work;
  return performance.now() - startedMs;
}

describe('whoever waits for changes', () => {
  it('is woken by one', async () => {
    const folder = await newDirectory();
    const waiting = watching(folder).next(LONG_MS, NEVER);
    await appendFile(join(folder, 'a.log'), 'x');
    expect(await tookMs(waiting)).toBeLessThan(LONG_MS / 2);
  });

  it('does not wait where one has come since', async () => {
    const folder = await newDirectory();
    const changes = watching(folder);
    const first = changes.next(LONG_MS, NEVER);
    await appendFile(join(folder, 'a.log'), 'x');
    await first;
    await appendFile(join(folder, 'a.log'), 'x');
    await new Promise((done) => setTimeout(done, 200));
    expect(await tookMs(changes.next(LONG_MS, NEVER))).toBeLessThan(LONG_MS / 2);
  });

  it('waits no longer than it said, also for a folder that is not there', async () => {
    await watching(join(await newDirectory(), 'missing')).next(50, NEVER);
  });

  it('is let go by the signal', async () => {
    const ending = new AbortController();
    const waiting = watching().next(LONG_MS, ending.signal);
    ending.abort();
    expect(await tookMs(waiting)).toBeLessThan(LONG_MS / 2);
    expect(await tookMs(watching().next(LONG_MS, ending.signal))).toBeLessThan(LONG_MS / 2);
  });
});
