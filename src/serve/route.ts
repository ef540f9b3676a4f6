/** What a route is: its address, who may use it, its documentation, and a handler that knows nothing of the HTTP library. */
import type { Readable } from 'node:stream';
import type { Operation } from './openapi-types.js';

/** What a token may be good for. Where the server has no tokens, everything is open. */
export const SCOPES = ['read', 'ingest'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** null: needs no token. */
  readonly scope: Scope | null;
  /** The body it takes; anything else is refused with 415. */
  readonly body?: RouteBody;
  /** Its documentation; absent for what is not part of the API (the dashboard's files). */
  readonly operation?: Operation;
  /** Its answer goes on until the client leaves. */
  readonly streams?: boolean;
  readonly handle: (request: ApiRequest) => Promise<ApiReply>;
}

export type RouteBody =
  | { readonly kind: 'text'; readonly contentType: 'application/json'; readonly maxBytes: number }
  /** Read piece by piece, however long it is; gzip is told from its first bytes. */
  | { readonly kind: 'stream'; readonly contentType: 'application/x-ndjson' };

export interface ApiRequest {
  readonly query: URLSearchParams;
  /** In lower case. */
  readonly header: (name: string) => string | undefined;
  /** The body of a route that takes text, as UTF-8; null where it is none. */
  readonly text: string | null;
  /** The body of a route that takes a stream. */
  readonly stream: Readable;
  /** Aborted when the client is gone or the server stops. */
  readonly signal: AbortSignal;
}

export interface ApiReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream is ended when the client is gone. */
  readonly body?: string | Buffer | Readable;
}

export function json(status: number, body: string, headers: Readonly<Record<string, string>> = {}): ApiReply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}

/** An answer that never ends has no headers to ask for alone. */
export function hasHead({ method, streams }: Route): boolean {
  return method === 'GET' && streams !== true;
}
