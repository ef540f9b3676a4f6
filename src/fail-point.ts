/**
 * Named places around every step of a commit, at which a test lets the process die or the step fail, to see that nothing
 * is lost and nothing counted twice. Unset, which is always but in tests, each costs one comparison.
 */
import { MapipeError } from './errors.js';

export const FAIL_POINTS = [
  // A new store's file: its folder is there; it is written beside its place; it is in its place.
  'create.begun',
  'create.written',
  'create.linked',
  // The file is open for writing.
  'open.done',
  // Of a new store or an older one: after each statement, before and after the COMMIT of all of them.
  'migrate.statement',
  'migrate.before-commit',
  'migrate.committed',
  // Within a transaction.
  'commit.begun',
  'commit.retracted',
  'commit.deduplicated',
  'commit.some-rows',
  'commit.plain-rows',
  'commit.detailed-rows',
  'commit.checkpoint',
  'commit.texts',
  'commit.before-commit',
  'commit.committed',
  // The log is moved into the file.
  'log.before-move',
  'log.moved',
  // The file is closed.
  'close.begun',
  'close.done',
  // An ingest gives a commit to the store, hears of its outcome, counts it, and writes what was rejected.
  'ingest.before-commit',
  'ingest.committed',
  'ingest.counted',
  'ingest.before-rejects',
  'ingest.rejects-written',
  'ingest.settled',
  // Events over HTTP.
  'inbox.before-commit',
  'inbox.committed',
  'bulk.before-answer',
] as const;

export type FailPoint = (typeof FAIL_POINTS)[number];

interface Fault {
  readonly point: FailPoint;
  readonly action: 'kill' | 'error';
  /** Passes until it happens. */
  left: number;
}

let fault: Fault | null = null;
let withoutCheckpoints = false;

/** The variables are for tests alone: `MAPIPE_FAIL_POINT=<name>[:<n>][:error]`, `MAPIPE_FAULT_NO_CHECKPOINT=1`. */
export function armFaults(environment: NodeJS.ProcessEnv): void {
  fault = faultOf(environment['MAPIPE_FAIL_POINT'] ?? '');
  withoutCheckpoints = environment['MAPIPE_FAULT_NO_CHECKPOINT'] === '1';
}

/** Passes a point: the n-th time the process is killed there, or an error thrown, if it was told so. */
export function failPoint(point: FailPoint): void {
  if (fault?.point !== point || --fault.left !== 0) return;
  if (fault.action === 'kill') process.kill(process.pid, 'SIGKILL');
  throw new MapipeError('MAPIPE_STORE_FAILED', `the fail point ${point} was reached`);
}

/** The negative control: whether commits are to leave out how far an input was read, so that a re-run counts twice. */
export function omitsCheckpoints(): boolean {
  return withoutCheckpoints;
}

function faultOf(text: string): Fault | null {
  if (text === '') return null;
  const [, name, times = '1', error] = /^([a-z.-]+)(?::([1-9]\d{0,6}))?(:error)?$/.exec(text) ?? [];
  const point = FAIL_POINTS.find((known) => known === name);
  if (!point) {
    throw new MapipeError('MAPIPE_USAGE', `MAPIPE_FAIL_POINT expects <name>[:<n>][:error], got ${text}`, {
      hint: 'the names stand in src/fail-point.ts; leave it out but in tests',
    });
  }
  return { point, action: error ? 'error' : 'kill', left: Number(times) };
}
