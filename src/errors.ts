/**
 * The one error class of mapipe and the closed catalogue of its codes. A known error is the user's business: it
 * prints as one line saying what was expected, what came and what to do. Anything else that is thrown is a bug.
 */

/** Exit codes of the command line (docs/ARCHITECTURE.md lists when each is used). */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  tooManyRejects: 3,
  storeBusy: 75,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Every code, with the exit code that the command line gives for it. */
const CATALOGUE = {
  MAPIPE_USAGE: EXIT.usage,
  MAPIPE_CONFIG_INVALID: EXIT.usage,
  MAPIPE_INPUT_NOT_FOUND: EXIT.failed,
  MAPIPE_INPUT_NOT_READABLE: EXIT.failed,
  MAPIPE_INPUT_IS_DIRECTORY: EXIT.failed,
  MAPIPE_INPUT_BINARY: EXIT.failed,
  MAPIPE_INPUT_DAMAGED: EXIT.failed,
  MAPIPE_FORMAT_UNKNOWN: EXIT.failed,
  MAPIPE_OUTPUT_NOT_WRITABLE: EXIT.failed,
  MAPIPE_CAMPAIGN_UNKNOWN: EXIT.failed,
  MAPIPE_STORE_NOT_FOUND: EXIT.failed,
  MAPIPE_STORE_NOT_A_STORE: EXIT.failed,
  MAPIPE_STORE_NEWER: EXIT.failed,
  MAPIPE_STORE_DAMAGED: EXIT.failed,
  MAPIPE_STORE_FAILED: EXIT.failed,
  MAPIPE_STORE_BUSY: EXIT.storeBusy,
  MAPIPE_INPUT_CONTESTED: EXIT.storeBusy,
  MAPIPE_TOKEN_NEEDED: EXIT.usage,
  MAPIPE_TOKEN_INVALID: EXIT.usage,
  MAPIPE_PORT_IN_USE: EXIT.failed,
  MAPIPE_LISTEN_FAILED: EXIT.failed,
  MAPIPE_QUEUE_FULL: EXIT.storeBusy,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof CATALOGUE;

/** An error the user can act on. `message` is one line; `hint`, where there is one, says what to do. */
export class MapipeError extends Error {
  override readonly name = 'MapipeError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }

  get exitCode(): ExitCode {
    return CATALOGUE[this.code];
  }
}

/** The `code` of a system error (`ENOENT`), or undefined for anything else that was thrown. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof MapipeError || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
