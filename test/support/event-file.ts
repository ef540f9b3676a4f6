/** A file of events made from a seed, and what is in it as the script that wrote it counted. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT } from './cli.js';

export interface Truth {
  readonly clicks: number;
  readonly conversions: number;
  readonly revenue: string;
  readonly users: number;
}

export function makeEvents(path: string, events: number, ...more: string[]): Truth {
  const script = join(PROJECT, 'scripts/make-events.mjs');
  const sizes = ['--events', String(events), '--users', '20000', '--campaigns', '8'];
  const made = spawnSync(process.execPath, [script, ...sizes, '--out', path, ...more], { encoding: 'utf8' });
  return JSON.parse(made.stderr) as Truth;
}

/** As the store's own tables have it. */
export function storedTruth({ clicks, conversions, revenue, users }: Truth): object {
  const amountMicros = BigInt(revenue.replace('.', '')) * 10_000n;
  return { clicks, conversions, amountMicros, users, textsTwice: 0 };
}
