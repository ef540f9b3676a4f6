/** The built `mapipe serve` as a child process with a store of its own, and clients that send it exactly what they are told. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { environment, LAUNCHER, PROJECT } from './cli.js';

const START_MS = 30_000;

export interface ServerOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Absent: one in a folder that is gone with the server. */
  readonly store?: string;
  readonly cwd?: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal to the end of the process. */
  readonly ms: number;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly store: string;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly stderr: () => string;
  readonly stop: (signal?: NodeJS.Signals) => Promise<Exit>;
  readonly kill: () => Promise<Exit>;
}

/** A server that is gone, and its store with it, when the test is over. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const { server, remove } = await launch(options);
  onTestFinished(remove);
  return server;
}

/** A server for all tests of a file or a `describe`. */
export function sharedServer(options: ServerOptions = {}): () => RunningServer {
  let launched: Awaited<ReturnType<typeof launch>> | null = null;
  beforeAll(async () => {
    launched = await launch(options);
  });
  afterAll(async () => {
    await launched?.remove();
  });
  return () => {
    if (!launched) throw new Error('the server of this suite was not started');
    return launched.server;
  };
}

async function launch({
  args = [],
  env = {},
  cwd = PROJECT,
  ...options
}: ServerOptions): Promise<{ server: RunningServer; remove: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'mapipe-serve-test-'));
  const store = options.store ?? join(folder, 'store.duckdb');
  const child = spawn(process.execPath, [LAUNCHER, 'serve', '--port', '0', ...args], {
    cwd,
    env: environment({ store, env }),
  });
  let printed = '';
  child.stdout.resume();
  child.stdin.on('error', () => undefined);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the server did not start in time: ${printed}`));
    }, START_MS);
    child.stderr.on('data', (piece: Buffer) => {
      printed += piece.toString();
      const line = /^mapipe serves (http:\/\/\S+:\d+)$/m.exec(printed)?.[1];
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(line);
    });
    void exited.then(({ code }) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with ${code ?? 'a signal'} before it was ready: ${printed}`));
    });
  });
  const end = async (signal: NodeJS.Signals): Promise<Exit> => {
    const sinceMs = performance.now();
    child.kill(signal);
    return { ...(await exited), ms: performance.now() - sinceMs };
  };
  return {
    server: {
      url,
      port: Number(new URL(url).port),
      store,
      child,
      stderr: () => printed,
      stop: (signal = 'SIGTERM') => end(signal),
      kill: () => end('SIGKILL'),
    },
    remove: async () => {
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Headers = Readonly<Record<string, string>>;

/** As `curl -H 'Content-Type: application/json' -d …` does; a text goes as it stands. */
export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer> | object,
  headers: Headers = {},
): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
}

export async function postLines(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Headers = {},
): Promise<Response> {
  return post(`${url}/api/events`, body, { 'content-type': 'application/x-ndjson', ...headers });
}

/** `POST /api/events` answers with this. */
export interface BulkAccount {
  readonly lines: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly rejected: number;
  readonly stamped: number;
  readonly rejects: Readonly<Record<string, number>>;
  readonly rejected_lines: readonly { line: number; offset: number; reason: string; detail?: string }[];
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly hint?: string;
  readonly code?: string;
  readonly errors?: readonly { field: string; reason: string; detail: string }[];
}

/** Expects a refusal of that name, in the form of RFC 9457, and gives it. */
export async function expectProblem(response: Response, status: number, name: string): Promise<Problem> {
  const text = await response.text();
  expect(`${response.status} ${response.headers.get('content-type') ?? ''}`, text).toMatch(
    new RegExp(`^${status} application/problem\\+json(;|$)`),
  );
  const problem = JSON.parse(text) as Problem;
  expect(problem).toMatchObject({ status, type: `/api/docs#problem-${name}` });
  expect(problem.title).not.toBe('');
  expect(problem.detail).not.toBe('');
  return problem;
}

export interface RawAnswer {
  /** 0: nothing that begins like an answer came. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly text: string;
  /** Whether the server closed the connection. */
  readonly closed: boolean;
  /** From connecting to closing or giving up. */
  readonly ms: number;
}

/** Sends bytes as they are (a text: one byte a character) and listens until the server closes, or for `waitMs`. */
export async function sendRaw(
  port: number,
  bytes: string | Buffer,
  { waitMs = 5_000, meanwhile }: { waitMs?: number; meanwhile?: (socket: Socket) => void } = {},
): Promise<RawAnswer> {
  const sinceMs = performance.now();
  const socket = connect(port, '127.0.0.1');
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  socket.on('error', () => undefined);
  const closing = new Promise<boolean>((resolve) => {
    // The server may close its half while ours is still open.
    socket.once('end', () => {
      resolve(true);
    });
    socket.once('close', () => {
      resolve(true);
    });
  });
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  meanwhile?.(socket);
  const closed = await Promise.race([closing, sleep(waitMs, false, { ref: false })]);
  const ms = performance.now() - sinceMs;
  socket.destroy();
  const text = Buffer.concat(pieces).toString();
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  return { status, head, body: rest.join('\r\n\r\n'), text, closed, ms };
}

/** A request written out, that ends its connection. */
export function rawRequest(
  line: string,
  headers: readonly string[] = ['Host: localhost'],
  body = '',
): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`];
  return [`${line} HTTP/1.1`, ...headers, ...length, 'Connection: close', '', body].join('\r\n');
}

export interface TotalsEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** A reader of server-sent events that keeps what has come until it is asked for; closed when the test is over. */
export class EventStream {
  readonly response: Response;
  readonly comments: string[] = [];
  readonly retries: string[] = [];
  readonly #came: TotalsEvent[] = [];
  readonly #abort: AbortController;
  #ended = false;
  #wake: () => void = () => undefined;

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    void this.#read();
  }

  static async open(url: string, headers: Headers = {}): Promise<EventStream> {
    const abort = new AbortController();
    onTestFinished(() => {
      abort.abort();
    });
    const response = await fetch(`${url}/api/stream`, { headers, signal: abort.signal });
    return new EventStream(response, abort);
  }

  get ended(): boolean {
    return this.#ended;
  }

  close(): void {
    this.#abort.abort();
  }

  /** The next event; null where none comes in time or the stream has ended. */
  async next(waitMs = 8_000): Promise<TotalsEvent | null> {
    await this.#until(() => this.#came.length > 0, waitMs);
    return this.#came.shift() ?? null;
  }

  /** The first event, from the next one on, whose totals are such. */
  async nextWith(totals: Readonly<Record<string, unknown>>, waitMs = 8_000): Promise<TotalsEvent | null> {
    const deadline = performance.now() + waitMs;
    for (;;) {
      const came = await this.next(Math.max(0, deadline - performance.now()));
      if (came === null || Object.entries(totals).every(([name, value]) => totalsOf(came)[name] === value))
        return came;
    }
  }

  async untilEnd(waitMs = 8_000): Promise<boolean> {
    await this.#until(() => false, waitMs);
    return this.#ended;
  }

  async #until(isThere: () => boolean, waitMs: number): Promise<void> {
    const deadline = performance.now() + waitMs;
    while (!isThere() && !this.#ended && performance.now() < deadline) {
      const waiting = new AbortController();
      await Promise.race([
        new Promise<void>((resolve) => (this.#wake = resolve)),
        sleep(deadline - performance.now(), undefined, { signal: waiting.signal }).catch(() => undefined),
      ]);
      waiting.abort();
    }
  }

  async #read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const piece of this.response.body ?? []) {
        text += decoder.decode(piece as Uint8Array, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block);
        this.#wake();
      }
    } catch {
      // Broken off is ended too.
    }
    this.#ended = true;
    this.#wake();
  }

  #take(block: string): void {
    const fields: Record<string, string> = {};
    for (const line of block.split('\n')) {
      const [name = '', ...rest] = line.split(': ');
      if (name === '') this.comments.push(rest.join(': '));
      else if (name === 'retry') this.retries.push(rest.join(': '));
      else fields[name] = rest.join(': ');
    }
    const { event, id = '', data = '' } = fields;
    if (event !== undefined) this.#came.push({ event, id, data });
  }
}

export function totalsOf({ data }: TotalsEvent): Readonly<Record<string, unknown>> {
  const body = JSON.parse(data) as { totals: Readonly<Record<string, unknown>> };
  return body.totals;
}
