/** A request as its handler sees it, made of what Node gives. What most handlers never look at is made when it is asked for. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Header } from './guard.js';
import type { ApiRequest } from './route.js';

export class IncomingRequest implements ApiRequest {
  readonly header: Header;
  readonly #message: IncomingMessage;
  /** As the content type's parser left it: bytes, or the stream itself. */
  readonly #body: unknown;
  readonly #response: ServerResponse;
  readonly #stopping: AbortSignal;

  constructor(message: IncomingMessage, body: unknown, response: ServerResponse, stopping: AbortSignal) {
    this.#message = message;
    this.#body = body;
    this.#response = response;
    this.#stopping = stopping;
    this.header = headerOf(message);
  }

  get query(): URLSearchParams {
    const url = this.#message.url ?? '';
    const mark = url.indexOf('?');
    return new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  }

  get text(): string | null {
    const body = this.#body;
    return Buffer.isBuffer(body) && isUtf8(body) ? body.toString('utf8') : null;
  }

  get stream(): Readable {
    return this.#body instanceof Readable ? this.#body : Readable.from([]);
  }

  get signal(): AbortSignal {
    const over = new AbortController();
    const abort = (): void => {
      over.abort();
    };
    if (this.#stopping.aborted) abort();
    this.#stopping.addEventListener('abort', abort, { once: true });
    // The server's own signal outlives every request: nothing of one may stay with it.
    this.#response.once('close', () => {
      this.#stopping.removeEventListener('abort', abort);
      if (!this.#response.writableFinished) abort();
    });
    return over.signal;
  }
}

export function headerOf({ headers }: IncomingMessage): Header {
  return (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
}

/** The headers, with the host that the target names, if it names one, in place of the header's (RFC 9112, 3.2.2). */
export function headerWithTargetHost(message: IncomingMessage): Header {
  const header = headerOf(message);
  const target = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(message.url ?? '')?.[1];
  return (name) => (name === 'host' && target !== undefined ? target : header(name));
}
