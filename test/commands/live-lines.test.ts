import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Aggregator } from '../../src/aggregate/aggregator.js';
import { createLiveLines } from '../../src/commands/live-lines.js';
import type { Progress } from '../../src/commands/progress.js';
import { RunAccount } from '../../src/ingest/run-account.js';
import type { FollowLag } from '../../src/ingest/ingest-request.js';
import { FakeTerminal } from '../support/fake-terminal.js';

async function linesOn(terminal: FakeTerminal): Promise<{
  run: { account: RunAccount; aggregator: Aggregator; bytesRead: number; lag: FollowLag | null };
  lines: Progress;
}> {
  const run = { account: new RunAccount(), aggregator: new Aggregator(), bytesRead: 0, lag: null };
  const lines = createLiveLines(await terminal.output());
  lines.start(run);
  return { run, lines };
}

describe('the lines of a run that goes on', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-26T03:40:00Z') });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('come every ten seconds while there is something new, with the rate of those', async () => {
    const terminal = new FakeTerminal(200, 24);
    const { run, lines } = await linesOn(terminal);
    for (const accepted of [50, 150]) {
      Object.assign(run.account, { lines: accepted + 4, accepted, rejected: 4 });
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(terminal.screen).toBe(
      [
        '2026-11-26T03:40:10Z 54 lines: 50 accepted, 0 duplicates, 0 ignored, 4 rejected; 5.0 events/s',
        '2026-11-26T03:40:20Z 154 lines: 150 accepted, 0 duplicates, 0 ignored, 4 rejected; 10 events/s',
      ].join('\n'),
    );
    lines.stop();
    run.account.lines = 1_000;
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(terminal.writes).toBe(2);
  });

  it('are not written in a run of less than ten seconds', async () => {
    const terminal = new FakeTerminal(200, 24);
    const { run, lines } = await linesOn(terminal);
    run.account.lines = 1_000;
    await vi.advanceTimersByTimeAsync(9_900);
    lines.stop();
    expect(terminal.raw).toBe('');
  });

  it('come every five minutes where nothing is new', async () => {
    const terminal = new FakeTerminal(200, 24);
    const { run, lines } = await linesOn(terminal);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(terminal.writes).toBe(12);
    Object.assign(run.account, { lines: 30, accepted: 30 });
    await vi.advanceTimersByTimeAsync(10_000);
    // Of the last ten seconds, not of the silence before.
    expect(terminal.screen.split('\n').at(-1)).toMatch(/ 30 lines: .*; 3\.0 events\/s$/);
    lines.stop();
  });

  it('tell when a file is waited for', async () => {
    const terminal = new FakeTerminal(200, 24);
    const { run, lines } = await linesOn(terminal);
    run.lag = { files: 0, waitingFor: ['a.log'], bytes: 0 };
    await vi.advanceTimersByTimeAsync(10_000);
    expect(terminal.screen).toMatch(/; 0 B behind; waiting for a\.log$/);
    lines.stop();
  });

  it('hold no sequence that would move a cursor', async () => {
    const terminal = new FakeTerminal(200, 24);
    const { run, lines } = await linesOn(terminal);
    run.account.lines = 5;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(terminal.raw).not.toContain('\u001b');
    lines.stop();
  });
});
