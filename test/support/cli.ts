/** Runs the built command line as a user's shell does, with a store of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

export const PROJECT = resolve(import.meta.dirname, '../..');
export const LAUNCHER = join(PROJECT, 'bin', 'mapipe.js');
export const SAMPLE = join(PROJECT, 'data', 'sample_logs.txt');

export interface RunOptions {
  readonly store?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  readonly cwd?: string;
}

export interface RunResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mapipe-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export function environment({ store, env }: RunOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(MAPIPE_|NO_COLOR|FORCE_COLOR|NODE_)/.test(name),
  );
  return { ...Object.fromEntries(inherited), TZ: 'UTC', ...(store ? { MAPIPE_STORE: store } : {}), ...env };
}

export function start(args: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [LAUNCHER, ...args], {
    cwd: options.cwd ?? PROJECT,
    env: environment(options),
  });
}

export async function run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return finish(start(args, options), options.input);
}

export async function finish(child: ChildProcess, input: string | Buffer = ''): Promise<RunResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (piece: Buffer) => stdout.push(piece));
  child.stderr?.on('data', (piece: Buffer) => stderr.push(piece));
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return new Promise((done) => {
    child.on('close', (code, signal) => {
      done({
        code,
        signal,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
  });
}

/** What `report --json` and `ingest --json` print, as far as tests look at it. */
export interface ReportBody {
  readonly totals: Readonly<Record<string, number | string | null>>;
  readonly campaigns: readonly (Readonly<Record<string, number | string | null>> & {
    campaign_id: string | null;
  })[];
  readonly breakdowns?: Readonly<Record<string, readonly Readonly<Record<string, number | string | null>>[]>>;
  readonly timeline?: { readonly interval: string; readonly points: readonly { readonly start: string }[] };
}

export interface IngestBody {
  readonly lines: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly rejected: number;
  readonly ignores: Readonly<Record<string, number>>;
  readonly rejects: Readonly<Record<string, number>>;
  readonly report: ReportBody;
}

export async function report(store: string, ...args: string[]): Promise<ReportBody> {
  const { stdout, stderr, code } = await run(['report', '--json', '--tz', 'UTC', ...args], { store });
  if (code !== 0) throw new Error(`report failed: ${stderr}`);
  return JSON.parse(stdout) as ReportBody;
}

export async function ingest(
  store: string,
  args: readonly string[],
  input?: string | Buffer,
): Promise<IngestBody> {
  const result = await run(['ingest', '--json', '--quiet', ...args], {
    store,
    ...(input === undefined ? {} : { input }),
  });
  if (result.code !== 0) throw new Error(`ingest failed: ${result.stderr}`);
  return JSON.parse(result.stdout) as IngestBody;
}

/** The report without the moment it was made: what must be equal when the events are. */
export function comparable(body: ReportBody): unknown {
  return { ...body, generated_at: null };
}
