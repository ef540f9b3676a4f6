import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Aggregator } from '../../src/aggregate/aggregator.js';
import { OptionValues } from '../../src/commands/command.js';
import { showProgress, type Progress } from '../../src/commands/progress.js';
import { RunAccount } from '../../src/ingest/run-account.js';
import { SAMPLE } from '../support/cli.js';
import { FakeTerminal } from '../support/fake-terminal.js';

interface Case {
  readonly paths: readonly string[];
  readonly options?: Readonly<Record<string, boolean>>;
  readonly isTerminal?: boolean;
  readonly term?: string;
}

async function progressOn(
  terminal: FakeTerminal,
  { paths, options = {}, isTerminal = true, term = 'xterm' }: Case,
): Promise<Progress> {
  if (!isTerminal) Object.defineProperty(terminal, 'isTTY', { value: false });
  const stderr = await terminal.output();
  return showProgress(
    {
      terminal: { stdout: stderr, stderr, stdinIsTerminal: () => false },
      options: new OptionValues(options),
      environment: { TERM: term },
    },
    paths,
    { defaultCurrency: 'USD', timeZone: 'UTC' },
  );
}

/** What stderr shows of a run of `seconds` that has read something, before its end. */
async function shown(what: Case, seconds = 1): Promise<string> {
  const screen = new FakeTerminal(120, 24);
  const progress = await progressOn(screen, what);
  const account = new RunAccount();
  const lag = what.options?.['follow'] ? { files: 1, waitingFor: [], bytes: 0 } : null;
  progress.start({ account, aggregator: new Aggregator(), bytesRead: 50_000, lag });
  Object.assign(account, { lines: 500, accepted: 500 });
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  const text = screen.screen;
  progress.stop();
  if (what.isTerminal !== false && what.term !== 'dumb') expect(screen.screen).toBe('');
  expect(vi.getTimerCount()).toBe(0);
  return text;
}

describe('what is shown while an ingest runs', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is a live screen where stdin is read', async () => {
    expect(await shown({ paths: ['-'] })).toMatch(/^Reading stdin · /);
    expect(await shown({ paths: ['-', SAMPLE] })).toMatch(/^Reading 1 file and stdin · /);
  });

  it('is a live screen where files are followed', async () => {
    expect(await shown({ paths: [SAMPLE], options: { follow: true } })).toMatch(/^Following 1 file · /);
  });

  it('is two lines on how far it is where files are read to their end', async () => {
    const lines = (await shown({ paths: [SAMPLE] })).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^\d+% {2}50 kB of .* events\/s/);
  });

  it.each([
    ['no terminal', { isTerminal: false }],
    ['a terminal that cannot move its cursor', { term: 'dumb' }],
  ])('is plain lines on %s where there is no end to it, and nothing where there is', async (_, where) => {
    expect(await shown({ ...where, paths: ['-'] }, 9)).toBe('');
    expect(await shown({ ...where, paths: [SAMPLE], options: { follow: true } }, 11)).toMatch(
      /^\S+Z 500 lines: 500 accepted, .*; 50 events\/s; 0 B behind$/,
    );
    expect(await shown({ ...where, paths: [SAMPLE] }, 1_000)).toBe('');
  });

  it.each([{ quiet: true }, { progress: false }])('is nothing with %j', async (options) => {
    expect(await shown({ paths: ['-'], options }, 1_000)).toBe('');
    expect(await shown({ paths: ['-'], options, isTerminal: false }, 1_000)).toBe('');
    expect(await shown({ paths: [SAMPLE], options }, 1_000)).toBe('');
  });

  it.each([
    ['a live screen', { paths: ['-'] }, 'a.log was renamed\n'],
    ['two lines', { paths: [SAMPLE] }, 'a.log was renamed\n'],
    ['plain lines', { paths: ['-'], isTerminal: false }, 'a.log was renamed\n'],
    ['no progress', { paths: ['-'], options: { progress: false } }, 'a.log was renamed\n'],
    ['nothing but the answer', { paths: ['-'], options: { quiet: true } }, ''],
  ])('leaves room for what has to be said beside %s', async (_, what, said) => {
    const terminal = new FakeTerminal(120, 24);
    const progress = await progressOn(terminal, what);
    progress.start({ account: new RunAccount(), aggregator: new Aggregator(), bytesRead: 0, lag: null });
    await vi.advanceTimersByTimeAsync(1_000);
    progress.say('a.log was renamed');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(`${terminal.screen}\n`.startsWith(said)).toBe(true);
    progress.stop();
    expect(terminal.screen).toBe(said.trimEnd());
  });
});
