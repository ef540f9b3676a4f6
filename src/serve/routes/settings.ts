/** `GET /api/settings`: what a page needs to know of the server to ask it well. */
import { stringifyExact } from '../../report/render/exact-json.js';
import { ref } from '../openapi-types.js';
import { json, type Route } from '../route.js';
import type { ServerContext } from '../server-context.js';

export function settingsRoute({ version, timeZone, decode, demo, commands }: ServerContext): Route {
  return {
    method: 'GET',
    path: '/api/settings',
    scope: 'read',
    operation: {
      operationId: 'get_settings',
      tags: ['operation'],
      summary: 'The server’s time zone, currency and version',
      responses: {
        '200': {
          description: 'The settings.',
          content: { 'application/json': { schema: ref('Settings') } },
        },
      },
    },
    handle() {
      const body = stringifyExact({
        version,
        time_zone: timeZone,
        currency: decode.defaultCurrency,
        demo,
        ingest_command: commands.ingest,
        report_command: commands.report,
      });
      return Promise.resolve(json(200, `${body}\n`, { 'cache-control': 'no-cache' }));
    },
  };
}
