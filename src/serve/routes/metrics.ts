/** `GET /metrics`: what the server counts of itself, for Prometheus. */
import type { Route } from '../route.js';
import type { ServerContext } from '../server-context.js';

export function metricsRoute({ metrics }: ServerContext): Route {
  return {
    method: 'GET',
    path: '/metrics',
    scope: 'read',
    operation: {
      operationId: 'get_metrics',
      tags: ['operation'],
      summary: 'Metrics in the text format of Prometheus',
      responses: {
        '200': {
          description: 'The metrics.',
          content: { 'text/plain': { schema: { type: 'string' } } },
        },
      },
    },
    async handle() {
      return {
        status: 200,
        headers: { 'content-type': metrics.contentType, 'cache-control': 'no-store' },
        body: await metrics.text(),
      };
    },
  };
}
