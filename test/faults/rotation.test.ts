/**
 * Random sequences of what happens to a log (appends, renames, cuts, deletions, compression) and to those who follow it
 * (looks, clean ends, crashes in the middle of a commit) must end with every line in the store once: all that anybody
 * could have read, and nothing twice. A short run by default; `MAPIPE_ROTATIONS=5000 npx vitest run
 * test/faults/rotation.test.ts` for a long one, with `MAPIPE_SEED` for a known one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { DuckdbStore } from '../../src/store/duckdb/duckdb-store.js';
import { temporaryFolder } from '../support/cli.js';
import { EVERYTHING } from '../support/questions.js';
import { commands, round, type Command, type World } from './rotation-commands.js';
import { RotatedLog, type LogFormat } from './rotation-logs.js';
import { FollowerModel, type Names } from './rotation-model.js';
import { MemoryStore, MortalStore, SharedRows } from './rotation-store.js';

const SEQUENCES = Number(process.env['MAPIPE_ROTATIONS'] ?? 100);
const SEED = process.env['MAPIPE_SEED'];

const LONG_MS = 20 * 60_000;

interface Setting {
  readonly format: LogFormat;
  readonly isToldFormat: boolean;
  readonly isLinked: boolean;
  readonly names: readonly [Names, Names];
  readonly commitEvents: number;
}

const names = fc.constantFrom<Names[]>(
  { isNamed: true, isPattern: false },
  { isNamed: false, isPattern: true },
  { isNamed: true, isPattern: true },
);

const settings: fc.Arbitrary<Setting> = fc.record({
  format: fc.constantFrom<LogFormat[]>('ndjson', 'csv'),
  isToldFormat: fc.boolean(),
  isLinked: fc.oneof(
    { weight: 4, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  names: fc.tuple(names, names),
  commitEvents: fc.constantFrom(100_000, 3),
});

/** What is in the store must be what has to be, at any time. */
async function check({ log }: World, counts: () => Promise<ReadonlyMap<string, number>>): Promise<void> {
  const stored = await counts();
  const lost = log.lines.filter(({ id, isSure }) => isSure && !stored.has(id)).map(({ id }) => id);
  const repeated = log.lines
    .filter(({ id, mayRepeat }) => !mayRepeat && (stored.get(id) ?? 0) > 1)
    .map(({ id }) => id);
  if (lost.length > 0) throw new Error(`lost: ${some(lost)}`);
  if (repeated.length > 0) throw new Error(`twice: ${some(repeated)}`);
  const early = log.current?.openLine?.line;
  if (early && !early.mayCount && stored.has(early.id)) throw new Error(`not whole yet: ${early.id}`);
}

function some(ids: readonly string[]): string {
  return ids.length <= 5 ? ids.join(', ') : `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more`;
}

/** A store that several processes have, and how often each user is in it. */
interface SharedStore {
  readonly open: () => MortalStore;
  readonly counts: () => Promise<ReadonlyMap<string, number>>;
}

function sharedMemory(): SharedStore {
  const rows = new SharedRows();
  return { open: () => new MortalStore(new MemoryStore(rows)), counts: () => rows.counts() };
}

function sharedDatabase(folder: string): SharedStore {
  const path = join(folder, 'store', 's.duckdb');
  return {
    open: () => new MortalStore(new DuckdbStore(path)),
    counts: async () => {
      const events = await new DuckdbStore(path).latestEvents({ ...EVERYTHING, limit: 100_000 });
      const counts = new Map<string, number>();
      for (const { user_id } of events) counts.set(user_id, (counts.get(user_id) ?? 0) + 1);
      return counts;
    },
  };
}

async function runSequence(
  setting: Setting,
  sequence: readonly Command[],
  parent: string,
  share: (folder: string) => SharedStore,
): Promise<void> {
  const { format, isToldFormat, isLinked, names: ofFollowers, commitEvents } = setting;
  const log = new RotatedLog(mkdtempSync(join(parent, 'r-')), format, isLinked);
  const { open, counts } = share(log.folder);
  const request = { format: isToldFormat ? format : ('auto' as const), commitEvents };
  const followers = ofFollowers.map((one) => new FollowerModel(log, one, request));
  const world: World = { log, followers, request, openStore: open };
  try {
    for (const command of sequence) {
      await command.run(world);
      await check(world, counts);
    }
    log.settle();
    for (let start = 0; start < 2; start++) {
      for (const follower of followers) await follower.close();
      for (const afterMs of [0, 2_500, 6_000, 6_000, 6_000]) await round(world, 0, afterMs);
      await check(world, counts);
    }
  } finally {
    for (const follower of followers) await follower.crash();
    log.close();
    rmSync(log.folder, { recursive: true });
  }
}

/** Each sequence with the real store takes seconds. */
const DATABASE_SHARE = 50;

describe('a log that is rotated while it is followed', () => {
  it.each([
    { where: 'in memory', share: sharedMemory, runs: SEQUENCES },
    { where: 'in the database', share: sharedDatabase, runs: Math.ceil(SEQUENCES / DATABASE_SHARE) },
  ])(
    'is stored $where line by line, each once, whatever happens',
    async ({ share, runs }) => {
      const parent = temporaryFolder();
      const property = fc.asyncProperty(settings, commands, (setting, sequence) =>
        runSequence(setting, sequence, parent, share),
      );
      await fc.assert(property, { numRuns: runs, ...(SEED === undefined ? {} : { seed: Number(SEED) }) });
    },
    LONG_MS,
  );
});
