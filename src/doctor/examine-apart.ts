/**
 * Examines a store in a process of its own: of some damage the engine dies, and takes its process with it. What that
 * process prints is of no use to anybody; it answers by a message.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { MapipeError, type ErrorCode } from '../errors.js';
import { packageFile } from '../package-files.js';
import type { StoreExamination } from '../store/examination.js';
import { openStore } from '../store/open-store.js';
import type { Store } from '../store/store.js';

/** Set in the environment of the process that examines. */
export const APART = 'MAPIPE_EXAMINES_APART';

type Answer =
  | { readonly kind: 'examination'; readonly examination: StoreExamination }
  | {
      readonly kind: 'error';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string | null;
    }
  | { readonly kind: 'bug'; readonly message: string };

/** The signals by which a process dies of its own fault. */
const CRASHES: readonly string[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP'];

export async function examineApart(location: string, signal: AbortSignal): Promise<StoreExamination> {
  const child = fork(packageFile('bin/mapipe.js'), ['doctor', '--store', location], {
    env: { ...process.env, [APART]: '1' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Numbers beyond 2^53 and maps, too.
    serialization: 'advanced',
  });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  const answers: Answer[] = [];
  // Only the process that was started here can send one.
  child.on('message', (message) => answers.push(message as Answer));
  const [code, died] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  signal.removeEventListener('abort', stop);
  const [answer] = answers;
  if (answer) return examinationIn(answer);
  if (died !== null && CRASHES.includes(died)) {
    return (await openStore(location)).examine({ crashedBy: died });
  }
  throw new MapipeError(
    'MAPIPE_STORE_FAILED',
    `the examination ended early (${died ?? `exit code ${code}`})`,
    {
      hint: 'run it again',
    },
  );
}

function examinationIn(answer: Answer): StoreExamination {
  switch (answer.kind) {
    case 'examination':
      return answer.examination;
    case 'error':
      throw new MapipeError(answer.code, answer.message, answer.hint === null ? {} : { hint: answer.hint });
    case 'bug':
      throw new Error(answer.message);
  }
}

/** What the process does that was started for it. */
export async function answerParent(store: Store): Promise<void> {
  const answer = await store.examine().then(
    (examination): Answer => ({ kind: 'examination', examination }),
    (error: unknown): Answer =>
      error instanceof MapipeError
        ? { kind: 'error', code: error.code, message: error.message, hint: error.hint ?? null }
        : { kind: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) },
  );
  await new Promise<void>((sent) => {
    if (!process.send) throw new Error(`${APART} is for mapipe's own use`);
    process.send(answer, undefined, undefined, () => {
      sent();
    });
  });
}
