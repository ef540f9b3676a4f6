/** Answers that a client may keep, and ask whether they still hold (RFC 9110, 13). */
import type { Parameter } from './openapi-types.js';
import type { ApiReply } from './route.js';

export const REVALIDATE: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'the ETag of the answer that is known already',
  schema: { type: 'string' },
};

export function notModified(etag: string): ApiReply {
  return { status: 304, headers: { etag, 'cache-control': 'no-cache' } };
}
