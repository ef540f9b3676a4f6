/** Refusals as RFC 9457 problem details: the closed list of them, and how a known error becomes one. */
import { MapipeError, type ErrorCode } from '../errors.js';
import { stringifyExact, type ExactJson } from '../report/render/exact-json.js';
import type { ApiReply } from './route.js';

/** By name; the page of the API's documentation explains each under the same name. */
export const PROBLEMS = {
  'invalid-question': [400, 'The question cannot be understood'],
  'invalid-json': [400, 'The body is not a JSON object'],
  'damaged-body': [400, 'The body is damaged'],
  'bad-request': [400, 'The request is malformed'],
  unauthorized: [401, 'A token is needed'],
  forbidden: [403, 'Not allowed'],
  'not-found': [404, 'There is nothing here'],
  'unknown-campaign': [404, 'No such campaign'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  'request-timeout': [408, 'The request took too long to arrive'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body is of another type than expected'],
  'misdirected-request': [421, 'This host is not served here'],
  'invalid-event': [422, 'The event breaks the rules'],
  'too-many-requests': [429, 'Too many requests'],
  'headers-too-large': [431, 'The headers are too large'],
  internal: [500, 'A fault in mapipe'],
  'queue-full': [503, 'Too much is waiting'],
  'store-unavailable': [503, 'The store cannot be used now'],
  stopping: [503, 'The server is stopping'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemName = keyof typeof PROBLEMS;

/** One thing that is wrong with a field. */
export interface Fault {
  readonly field: string;
  readonly reason: string;
  readonly detail: string;
}

export interface ProblemDetails {
  readonly detail: string;
  readonly hint?: string | undefined;
  readonly code?: ErrorCode | undefined;
  readonly errors?: readonly Fault[] | undefined;
  /** Seconds after which to try again. */
  readonly retryAfter?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly more?: ReadonlyMap<string, ExactJson> | undefined;
}

export const PROBLEM_TYPE = 'application/problem+json';

export function problem(name: ProblemName, details: ProblemDetails): ApiReply {
  const [status, title] = PROBLEMS[name];
  const { detail, hint, code, errors, retryAfter, headers, more } = details;
  const fields: [string, ExactJson][] = [
    ['type', `/api/docs#problem-${name}`],
    ['title', title],
    ['status', status],
    ['detail', detail],
  ];
  if (hint !== undefined) fields.push(['hint', hint]);
  if (code !== undefined) fields.push(['code', code]);
  if (errors) fields.push(['errors', errors.map((fault) => ({ ...fault }))]);
  return {
    status,
    headers: {
      'content-type': PROBLEM_TYPE,
      'cache-control': 'no-store',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...headers,
    },
    body: `${stringifyExact(new Map([...fields, ...(more ?? [])]), 2)}\n`,
  };
}

/** Known errors are told as they are; of anything else the client learns no more than that it is our fault. */
export function problemOf(error: unknown): ApiReply {
  if (!(error instanceof MapipeError)) {
    return problem('internal', {
      detail: 'something went wrong that should not; the server has written down what',
    });
  }
  const { message, hint, code } = error;
  const [name, retryAfter] = PROBLEM_OF[code] ?? [];
  if (name !== undefined) return problem(name, { detail: message, hint, code, retryAfter });
  return problem('store-unavailable', {
    detail: STORE_TROUBLE[code] ?? failureOf(message),
    code,
    retryAfter: 5,
  });
}

/** Errors that are not the store's, and after how many seconds to try again. */
const PROBLEM_OF: Partial<Record<ErrorCode, readonly [ProblemName, retryAfter?: number]>> = {
  MAPIPE_USAGE: ['invalid-question'],
  MAPIPE_CAMPAIGN_UNKNOWN: ['unknown-campaign'],
  MAPIPE_QUEUE_FULL: ['queue-full', 1],
};

/** The errors themselves name the place of the store, which is nobody's business outside; the server prints them. */
const STORE_TROUBLE: Partial<Record<ErrorCode, string>> = {
  MAPIPE_STORE_BUSY: 'the store has been held by another process for a minute',
  MAPIPE_STORE_NOT_FOUND: 'the store is not there any more',
  MAPIPE_STORE_NOT_A_STORE: 'the file in the place of the store is not a store',
  MAPIPE_STORE_NEWER: 'the store was written by a newer version of mapipe',
  MAPIPE_STORE_DAMAGED: 'the store is damaged',
};

/** What can be said of a store's failure without the place it is in. */
function failureOf(message: string): string {
  if (message.includes('no room to grow')) return 'the disk of the store is full; nothing of it was stored';
  if (/cannot be opened|read-only/i.test(message)) return 'the store cannot be written';
  if (message.includes('deleted or replaced')) return message;
  return 'the store failed';
}
