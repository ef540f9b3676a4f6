/** What may happen to a log and to those who follow it, in any order: each command reads as a sentence. */
import fc from 'fast-check';
import type { LineStyle, LogFile, RotatedLog } from './rotation-logs.js';
import { ingestOnce, type FollowerModel } from './rotation-model.js';
import type { DeathMoment, MortalStore } from './rotation-store.js';

export interface World {
  readonly log: RotatedLog;
  readonly followers: readonly FollowerModel[];
  readonly request: Parameters<typeof ingestOnce>[2];
  readonly openStore: () => MortalStore;
}

export class Command {
  readonly #text: string;
  readonly run: (world: World) => Promise<void> | void;

  constructor(text: string, run: (world: World) => Promise<void> | void) {
    this.#text = text;
    this.run = run;
  }

  toString(): string {
    return this.#text;
  }
}

/** Lets so much time pass, then one follower (or each at the same time) looks. */
export async function round(
  { log, followers, openStore }: World,
  which: Which,
  afterMs: number,
): Promise<void> {
  log.nowMs += afterMs;
  const looking = which === 'all' ? followers : followers.slice(which, which + 1);
  if (which !== 0) log.allowRepeats();
  for (const follower of looking) if (!follower.isRunning) await follower.start(openStore());
  await Promise.all(looking.map((follower) => follower.round()));
}

type Which = number | 'all';

const styles = fc.constantFrom<LineStyle[]>('plain', 'long', 'crlf', 'after a blank line', 'over two lines');
const counts = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 1, arbitrary: fc.constant(800) },
);
const pauses = fc.constantFrom(0, 100, 1_000, 2_500, 6_000);
const which = fc.constantFrom<Which[]>(0, 0, 0, 1, 'all');
const shares = fc.constantFrom(0.3, 0.6, 1);
const places = fc.nat({ max: 3 });

function pick(files: readonly LogFile[], place: number): LogFile | undefined {
  return files[place % Math.max(1, files.length)];
}

const append = fc.tuple(counts, styles).map(
  ([count, style]) =>
    new Command(`append ${count} lines (${style})`, ({ log }) => {
      log.create();
      if (log.current) log.append(log.current, count, style);
    }),
);

const appendToLeft = fc.tuple(counts, places).map(
  ([count, place]) =>
    new Command(`append ${count} lines to what was the log (${place})`, ({ log }) => {
      const file = pick(log.left, place);
      if (file) log.append(file, count, 'plain');
    }),
);

const begin = shares.map(
  (share) =>
    new Command(`append ${share * 100} % of a line`, ({ log }) => {
      if (log.current) log.beginLine(log.current, share);
    }),
);

const beginOnLeft = fc.tuple(shares, places).map(
  ([share, place]) =>
    new Command(`append ${share * 100} % of a line to what was the log (${place})`, ({ log }) => {
      const file = pick(log.left, place);
      if (file) log.beginLine(file, share);
    }),
);

const finish = fc.constant(
  new Command('append the rest of the line', ({ log }) => {
    for (const file of log.files) if (file.descriptor !== null) log.finishLine(file);
  }),
);

const rotate = fc.boolean().map(
  (createsNow) =>
    new Command(createsNow ? 'rotate' : 'rotate, with no new log yet', ({ log }) => {
      log.rotate();
      if (createsNow) log.create();
    }),
);

const create = fc.constant(
  new Command('create the log', ({ log }) => {
    log.create();
  }),
);

const copyTruncate = fc.tuple(fc.nat({ max: 2 }), fc.boolean(), counts, fc.boolean()).map(
  ([between, looksBetween, after, isRegrown]) =>
    new Command(
      `copy the log to .1${between > 0 ? `, append ${between} lines` : ''}${looksBetween ? ', look' : ''}` +
        `, cut it off${isRegrown ? `, append ${after} lines` : ''}`,
      async (world) => {
        const { log } = world;
        await log.copyTruncate(async (current) => {
          if (between > 0) log.append(current, between, 'plain');
          if (looksBetween) await round(world, 0, 100);
        });
        if (isRegrown && log.current) log.append(log.current, after, 'plain');
      },
    ),
);

const remove = fc.tuple(places, fc.boolean()).map(
  ([place, isHeld]) =>
    new Command(`delete a file (${place})${isHeld ? ', which the writer holds' : ''}`, ({ log }) => {
      const file = pick([...(log.current && !log.isLinked ? [log.current] : []), ...log.rotated], place);
      if (file) log.delete(file, isHeld);
    }),
);

const recreate = counts.map(
  (count) =>
    new Command(`delete the log and create it with ${count} lines`, ({ log }) => {
      const before = log.current;
      if (log.isLinked || !before) return;
      log.delete(before, false);
      log.create();
      const { current } = log;
      if (current) log.append(current, count, 'plain');
    }),
);

const compress = fc.tuple(places, fc.constantFrom(0, 0.02, 0.5, 1, 1)).map(
  ([place, share]) =>
    new Command(
      `compress a rotated file (${place})${share < 1 ? `, ${share * 100} % of it for now` : ''}`,
      ({ log }) => {
        const file = pick(
          log.rotated.filter(({ isGzip }) => !isGzip),
          place,
        );
        if (file) log.beginCompressing(file, share);
      },
    ),
);

const touch = places.map(
  (place) =>
    new Command(`touch a file (${place})`, ({ log }) => {
      const file = pick([...(log.current ? [log.current] : []), ...log.rotated], place);
      if (file) log.touch(file);
    }),
);

const look = fc
  .tuple(which, pauses)
  .map(([who, ms]) => new Command(`look (${who}) after ${ms} ms`, (world) => round(world, who, ms)));

const end = fc
  .tuple(fc.nat({ max: 1 }), fc.boolean())
  .map(
    ([who, isClean]) =>
      new Command(`${isClean ? 'close' : 'crash'} (${who})`, ({ followers }) =>
        isClean ? followers[who]?.close() : followers[who]?.crash(),
      ),
  );

const crashIn = fc
  .tuple(
    fc.nat({ max: 1 }),
    fc.nat({ max: 3 }),
    fc.constantFrom<DeathMoment[]>('before it is durable', 'after it is durable'),
  )
  .map(
    ([who, commits, moment]) =>
      new Command(`let ${who} crash in commit ${commits + 1} from now, ${moment}`, ({ followers }) => {
        followers[who]?.store?.dieIn(commits, moment);
      }),
  );

const ingestOne = places.map(
  (place) =>
    new Command(`ingest a file (${place})`, async ({ log, request, openStore }) => {
      // A copy that is shorter than what was read of the log is new to an ingest: a limit that is told.
      const files = log.files.filter(({ path, isCopy, isPartial }) => path !== null && !isCopy && !isPartial);
      const file = pick(files, place);
      if (file) await ingestOnce(file, openStore(), request);
    }),
);

export const commands = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: append },
    { weight: 2, arbitrary: appendToLeft },
    { weight: 2, arbitrary: begin },
    { weight: 1, arbitrary: beginOnLeft },
    { weight: 1, arbitrary: finish },
    { weight: 5, arbitrary: rotate },
    { weight: 1, arbitrary: create },
    { weight: 3, arbitrary: copyTruncate },
    { weight: 1, arbitrary: remove },
    { weight: 1, arbitrary: recreate },
    { weight: 2, arbitrary: compress },
    { weight: 1, arbitrary: touch },
    { weight: 12, arbitrary: look },
    { weight: 2, arbitrary: end },
    { weight: 1, arbitrary: crashIn },
    { weight: 1, arbitrary: ingestOne },
  ),
  { minLength: 1, maxLength: 40, size: 'max' },
);
