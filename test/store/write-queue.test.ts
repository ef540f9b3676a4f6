import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DuckdbSession } from '../../src/store/duckdb/engine.js';
import { DuckdbStore } from '../../src/store/duckdb/duckdb-store.js';
import type { Segment } from '../../src/store/store.js';
import { checkpointAt, click, segmentOf } from '../support/events.js';
import { EVERYTHING } from '../support/questions.js';
import { temporaryFolder } from '../support/cli.js';

/** Counts how often the file is opened for writing, once it is in its place. */
function watchOpenings(): { count: () => number } {
  const open = vi.spyOn(DuckdbSession, 'open');
  onTestFinished(() => {
    open.mockRestore();
  });
  const isWriting = ([path, options]: Parameters<typeof DuckdbSession.open>): boolean =>
    !options.readOnly && !path.includes('.unfinished-');
  return { count: () => open.mock.calls.filter(isWriting).length };
}

function oneClick(user: string): Segment[] {
  return [segmentOf([click(user, 'a', '2026-06-01T00:00:00Z')])];
}

/** A segment of which no row can be read. */
function broken(): Segment[] {
  const [segment] = oneClick('broken');
  if (!segment) throw new Error('there is one');
  return [
    {
      ...segment,
      get batches(): never {
        throw new Error('cannot be read');
      },
    },
  ];
}

describe('commits that come close together', () => {
  it('are each stored, by one opening of the file', async () => {
    const store = new DuckdbStore(join(temporaryFolder(), 's.duckdb'));
    const openings = watchOpenings();
    await Promise.all(Array.from({ length: 12 }, (_, i) => store.commit(oneClick(`u${i}`))));
    expect(openings.count()).toBe(1);
    expect((await store.report(EVERYTHING)).totals.clicks).toBe(12);
  });

  it('also where each is made when the one before is known to be durable', async () => {
    const store = new DuckdbStore(join(temporaryFolder(), 's.duckdb'));
    const openings = watchOpenings();
    for (let i = 0; i < 6; i++) await store.commit(oneClick(`u${i}`));
    expect(openings.count()).toBeLessThan(6);
    expect((await store.report(EVERYTHING)).totals.clicks).toBe(6);
  });

  it('are moved into the file by the opening that stored them, where the store is closed then', async () => {
    const path = join(temporaryFolder(), 's.duckdb');
    const store = new DuckdbStore(path, { isBulk: true });
    const openings = watchOpenings();
    for (let i = 0; i < 3; i++) await store.commit(oneClick(`u${i}`));
    expect(existsSync(`${path}.wal`)).toBe(true);
    await store.close();
    expect(openings.count()).toBe(1);
    expect(existsSync(`${path}.wal`)).toBe(false);
    expect((await store.report(EVERYTHING)).totals.clicks).toBe(3);
  });

  it('look at what other inputs have stored, wherever the last commit was not of the same ones', async () => {
    const store = new DuckdbStore(join(temporaryFolder(), 's.duckdb'), { isBulk: true });
    const openings = watchOpenings();
    const seen: (readonly [string, number[]])[] = [];
    const commit = (runId: string, offset: number): Promise<unknown> =>
      store.commit([
        segmentOf([click('u', 'a', '2026-06-01T00:00:00Z')], {
          checkpoint: checkpointAt(offset, { runId }),
          overtakenBy: (checkpoints) => {
            seen.push([`${runId} ${offset}`, checkpoints.map((checkpoint) => checkpoint.offset)]);
            return Promise.resolve(null);
          },
        }),
      ]);
    await commit('run-1', 10);
    await commit('run-1', 20);
    await commit('run-2', 30);
    await commit('run-1', 40);
    await store.close();
    expect(openings.count()).toBe(1);
    expect(seen).toEqual([
      ['run-1 10', []],
      ['run-2 30', [20]],
      ['run-1 40', [20, 30]],
    ]);
  });

  it('fail each for itself', async () => {
    const store = new DuckdbStore(join(temporaryFolder(), 's.duckdb'));
    const outcomes = await Promise.allSettled([
      store.commit(oneClick('before')),
      store.commit(broken()),
      store.commit(oneClick('after')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const { totals } = await store.report(EVERYTHING);
    expect(totals).toMatchObject({ clicks: 2, uniqueUsers: 2 });
  });

  it('do not keep others from the file for good', async () => {
    const path = join(temporaryFolder(), 's.duckdb');
    const store = new DuckdbStore(path);
    const over = new AbortController();
    const flood = (async () => {
      while (!over.signal.aborted) await store.commit(oneClick('u'));
    })();
    // Another handle of this process waits for its turn as another process does for the lock.
    const other = new DuckdbStore(path);
    await sleep(100);
    const clicks = (await other.report(EVERYTHING)).totals.clicks;
    expect(clicks).toBeGreaterThan(0);
    over.abort();
    await flood;
  });

  it('leave the file closed when the store is', async () => {
    const path = join(temporaryFolder(), 's.duckdb');
    const store = new DuckdbStore(path);
    await Promise.all([store.commit(oneClick('a')), store.commit(oneClick('b'))]);
    await store.close();
    // A second session of one process would be let in beside an open one, but not with other settings.
    const session = await DuckdbSession.open(path, { readOnly: true, memoryMiB: 100, threads: 1 });
    expect(await session.rows(`SELECT count(*) FROM all_events`)).toEqual([[2n]]);
    session.close();
  });

  it('know nothing of what another file held that lay in the same place', async () => {
    const path = join(temporaryFolder(), 's.duckdb');
    const store = new DuckdbStore(path);
    await store.commit(oneClick('u'));
    await store.revision();
    rmSync(path);
    await store.commit(oneClick('u'));
    const { campaigns } = await store.report(EVERYTHING);
    expect(campaigns.map(({ key, clicks }) => [key, clicks])).toEqual([['a', 1]]);
  });

  it('fail where the file is taken away while it is open, instead of going with it', async () => {
    const path = join(temporaryFolder(), 's.duckdb');
    const store = new DuckdbStore(path);
    const [segment] = oneClick('u');
    if (!segment) throw new Error('there is one');
    // Within the commit, the file being open.
    const disturbed: Segment = {
      ...segment,
      get batches() {
        rmSync(path, { force: true });
        return segment.batches;
      },
    };
    await expect(store.commit([disturbed])).rejects.toMatchObject({ code: 'MAPIPE_STORE_FAILED' });
    await store.commit(oneClick('u'));
    expect((await store.report(EVERYTHING)).totals.clicks).toBe(1);
  });
});
