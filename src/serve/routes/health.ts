/** `GET /api/health`: whether the server can do its work. Needs no token, and tells nothing that would. */
import { stringifyExact } from '../../report/render/exact-json.js';
import { ref } from '../openapi-types.js';
import { json, type Route } from '../route.js';
import type { ServerContext } from '../server-context.js';

/** How long an answer waits for a store that failed to come back. */
const MAX_RETRY_MS = 1_000;

export function healthRoute({ version, store, inbox }: ServerContext): Route {
  return {
    method: 'GET',
    path: '/api/health',
    scope: null,
    operation: {
      operationId: 'get_health',
      tags: ['operation'],
      summary: 'Whether the server can do its work',
      description:
        '`lag_seconds` is how long the oldest event has waited that was taken and is not durable yet.',
      responses: {
        '200': {
          description: 'It can.',
          content: { 'application/json': { schema: ref('Health') } },
        },
        '503': {
          description: 'It cannot: the store is out of reach, or its last work failed.',
          content: { 'application/json': { schema: ref('Health') } },
        },
      },
    },
    async handle() {
      const revision = await store.revision().catch(() => null);
      await store.retry(MAX_RETRY_MS);
      const reachable = revision !== null && !store.isFailing;
      const body = stringifyExact({
        status: reachable ? 'ok' : 'degraded',
        version,
        uptime_seconds: Math.round(process.uptime()),
        store: { reachable },
        last_commit_at: revision?.committedAt.toISOString() ?? null,
        lag_seconds: Math.round(inbox.lagMs) / 1000,
      });
      return json(reachable ? 200 : 503, `${body}\n`, { 'cache-control': 'no-store' });
    },
  };
}
