/** Asks the server: with the read token where there is one, with ETags, and with errors that say what to do. */

/** What came instead of an answer. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    message: string,
    /** HTTP's status; 0 where the server could not be reached. */
    readonly status: number,
    readonly hint: string | null = null,
  ) {
    super(message);
  }
}

export interface ApiClient {
  /** The body, from memory where the server says that nothing has changed. */
  get(path: string, signal?: AbortSignal): Promise<unknown>;
  /** The open response of the event stream. */
  stream(path: string, lastEventId: string | null, signal: AbortSignal): Promise<Response>;
  signIn(token: string): void;
}

/** sessionStorage: the token goes when the tab does. */
const TOKEN_KEY = 'mapipe.read-token';
const REMEMBERED_ANSWERS = 12;
const TIMEOUT_MS = 30_000;

export function createApiClient(): ApiClient {
  const answers = new Map<string, { etag: string; body: unknown }>();

  function headers(extra: Record<string, string>): Record<string, string> {
    const token = sessionStorage.getItem(TOKEN_KEY);
    return token === null ? extra : { ...extra, authorization: `Bearer ${token}` };
  }

  return {
    async get(path, signal) {
      const known = answers.get(path);
      const timeout = AbortSignal.timeout(TIMEOUT_MS);
      const response = await reach(path, {
        headers: headers({ accept: 'application/json', ...(known && { 'if-none-match': known.etag }) }),
        // The page keeps its own copies; the browser's would hide the 304.
        cache: 'no-store',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      if (response.status === 304 && known) {
        // Nothing comes, but an answer that is not read to its end counts as broken off.
        await response.text();
        return known.body;
      }
      if (!response.ok) throw await errorOf(response);
      const body: unknown = await response.json();
      const etag = response.headers.get('etag');
      answers.delete(path);
      if (etag !== null) answers.set(path, { etag, body });
      const [oldest] = answers.keys();
      if (oldest !== undefined && answers.size > REMEMBERED_ANSWERS) answers.delete(oldest);
      return body;
    },
    async stream(path, lastEventId, signal) {
      const response = await reach(path, {
        headers: headers({
          accept: 'text/event-stream',
          ...(lastEventId !== null && { 'last-event-id': lastEventId }),
        }),
        cache: 'no-store',
        signal,
      });
      if (!response.ok) throw await errorOf(response);
      return response;
    },
    signIn(token) {
      sessionStorage.setItem(TOKEN_KEY, token);
    },
  };
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (cause) {
    if (init.signal?.aborted && !isTimeout(init.signal.reason)) throw cause;
    throw new RequestError('The server can’t be reached', 0, 'is mapipe serve still running?');
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

/** RFC 9457 where the server says so; otherwise what the status says. */
async function errorOf(response: Response): Promise<RequestError> {
  const retryAfter = response.headers.get('retry-after');
  const problem: unknown = await response.json().catch(() => null);
  const text = (name: string): string | null => {
    const value: unknown =
      typeof problem === 'object' && problem !== null ? Reflect.get(problem, name) : null;
    return typeof value === 'string' ? value : null;
  };
  if (response.status === 429) {
    const wait = retryAfter === null ? 'a moment' : `${retryAfter} s`;
    return new RequestError('Too many requests', 429, `asking again in ${wait}`);
  }
  const message = text('detail') ?? text('title') ?? `The server answered ${response.status}`;
  const hint = text('hint') ?? (response.status >= 500 ? 'trying again by itself' : null);
  return new RequestError(message, response.status, hint);
}
