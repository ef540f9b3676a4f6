import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Aggregator } from '../../src/aggregate/aggregator.js';
import { createLiveView } from '../../src/commands/live-view.js';
import type { Progress } from '../../src/commands/progress.js';
import { RunAccount } from '../../src/ingest/run-account.js';
import type { FollowLag } from '../../src/ingest/ingest-request.js';
import { batchOf, click } from '../aggregate/batches.js';
import { FakeTerminal } from '../support/fake-terminal.js';

const SETTING = { files: 0, readsStdin: true, follows: false, defaultCurrency: 'USD' };

/** A run that a test brings events. */
class FakeRun {
  readonly account = new RunAccount();
  readonly aggregator = new Aggregator();
  bytesRead = 0;
  lag: FollowLag | null = null;

  bring(events: number): void {
    this.aggregator.add(batchOf(Array.from({ length: events }, () => click({ campaign_id: 'summer_sale' }))));
    this.account.lines += events;
    this.account.accepted += events;
    this.bytesRead += 100 * events;
  }
}

async function viewOn(terminal: FakeTerminal): Promise<{ run: FakeRun; view: Progress }> {
  const run = new FakeRun();
  const view = createLiveView(await terminal.output(), SETTING, 'UTC');
  view.start(run);
  return { run, view };
}

describe('a live view', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is soon there, and goes with the run', async () => {
    const terminal = new FakeTerminal(80, 24);
    const { run, view } = await viewOn(terminal);
    await vi.advanceTimersByTimeAsync(150);
    expect(terminal.screen).toMatch(/^Reading stdin · /);
    for (let second = 1; second <= 20; second++) {
      run.bring(second < 10 ? 0 : 8);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(terminal.screen).toMatch(/^Reading stdin · for 20 s · 8\.0 events\/s · 800 B\/s$/m);
    expect(terminal.screen).toMatch(/^88 lines = 88 accepted \+ 0 duplicates/m);
    expect(terminal.screen).toMatch(/^summer_sale +88 +0 +0\.00% +\$0\.00 +8\.0$/m);
    expect(terminal.screen).toMatch(/^Events per second, last 5 minutes$/m);
    view.stop();
    expect(terminal.screen).toBe('');
  });

  it('draws four times a second at most, and once a second where only the time changes', async () => {
    const terminal = new FakeTerminal(80, 24);
    const { run, view } = await viewOn(terminal);
    await vi.advanceTimersByTimeAsync(20_000);
    const before = terminal.writes;
    await vi.advanceTimersByTimeAsync(10_000);
    // Ten seconds, and the ends of two steps of the chart.
    expect(terminal.writes - before).toBeLessThanOrEqual(13);
    expect(terminal.writes - before).toBeGreaterThanOrEqual(10);
    for (let look = 0; look < 100; look++) {
      run.bring(1);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(terminal.writes - before).toBeLessThanOrEqual(13 + 41);
    expect(terminal.writes - before).toBeGreaterThan(13 + 25);
    view.stop();
  });

  it('fits the terminal anew whenever that is resized', async () => {
    const terminal = new FakeTerminal(200, 50);
    const { run, view } = await viewOn(terminal);
    run.bring(1_000);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(terminal.screen).toContain('Events per second');
    for (const [columns, rows] of [
      [30, 8],
      [20, 3],
      [80, 24],
    ] as const) {
      terminal.resize(columns, rows);
      await vi.advanceTimersByTimeAsync(300);
      const lines = terminal.screen.split('\n');
      expect(lines.length).toBeLessThan(rows);
      expect(lines[0]).toMatch(/^(Reading stdin|1,000 lines)/);
    }
    expect(terminal.screen).toContain('Events per second');
    expect(terminal.screen.match(/Reading stdin/g)).toHaveLength(1);
    view.stop();
    expect(terminal.screen).toBe('');
  });

  it('goes on beneath what the shell wrote while it was stopped', async () => {
    const terminal = new FakeTerminal(80, 60);
    const { view } = await viewOn(terminal);
    await vi.advanceTimersByTimeAsync(1_400);
    terminal.write('[1]+ Stopped\n$ fg\n');
    process.emit('SIGCONT');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(terminal.screen).toMatch(/Reading stdin · for 1 s[^]*\$ fg\nReading stdin · for 3 s/);
    view.stop();
    expect(process.listenerCount('SIGCONT')).toBe(0);
  });

  it('draws nothing of a run that ends at once, nor after its end', async () => {
    const terminal = new FakeTerminal(80, 24);
    const { view } = await viewOn(terminal);
    view.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(terminal.writes).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
