/** `GET /api/analytics`: the body of `mapipe report --json`, from the same code. */
import { ref } from '../openapi-types.js';
import { LAYOUT_PARAMETERS, questionOf, SCOPE_PARAMETERS } from '../question-query.js';
import { json, type Route } from '../route.js';
import { notModified, REVALIDATE } from '../revalidation.js';
import type { ServerContext } from '../server-context.js';

const PARAMETERS = [...SCOPE_PARAMETERS, ...LAYOUT_PARAMETERS];

export function analyticsRoute({ desk, timeZone, decode: { defaultCurrency } }: ServerContext): Route {
  return {
    method: 'GET',
    path: '/api/analytics',
    scope: 'read',
    operation: {
      operationId: 'get_analytics',
      tags: ['answers'],
      summary: 'Campaigns, or one campaign in detail',
      description:
        'The same body as `mapipe report --json` for the same question. It carries an ETag: ask with If-None-Match, ' +
        'and the answer is 304 until something was stored. Dates make better questions than `7d` for that, which ' +
        'means another moment each time.',
      parameters: [...PARAMETERS, REVALIDATE],
      responses: {
        '200': {
          description: 'The report.',
          headers: { etag: { description: 'Names this state of the answer.', schema: { type: 'string' } } },
          content: { 'application/json': { schema: ref('Report') } },
        },
        '304': { description: 'Nothing has changed since the answer with that ETag.' },
        '400': {
          description: 'The question cannot be understood.',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
        '404': {
          description: 'No campaign is called so; the nearest ones are named.',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
      },
    },
    async handle({ query, header }) {
      const question = questionOf(query, { timeZone, defaultCurrency }, PARAMETERS);
      const { etag, body } = await desk.report(question, header('if-none-match'));
      return body === null ? notModified(etag) : json(200, body, { etag, 'cache-control': 'no-cache' });
    },
  };
}
