/** `GET /api/events`: the latest events, for a feed. */
import { MapipeError } from '../../errors.js';
import type { Event } from '../../event/event.js';
import { stringifyExact, type ExactJson } from '../../report/render/exact-json.js';
import { exactMoney } from '../../report/render/metric-fields.js';
import { isoUtc } from '../../report/render/time-format.js';
import { ref, type Parameter } from '../openapi-types.js';
import { questionOf, SCOPE_PARAMETERS } from '../question-query.js';
import { notModified, REVALIDATE } from '../revalidation.js';
import { json, type Route } from '../route.js';
import type { ServerContext } from '../server-context.js';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 200;
const LIMIT: Parameter = {
  name: 'limit',
  in: 'query',
  description: `how many, at most ${MAX_LIMIT}; ${DEFAULT_LIMIT} if it is left out`,
  schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT },
};
const PARAMETERS = [...SCOPE_PARAMETERS, LIMIT];
const SHOWN_FIELDS = ['campaign_id', 'user_id', 'source', 'medium', 'ad_id', 'term', 'product'] as const;

export function latestEventsRoute({
  desk,
  store,
  timeZone,
  decode: { defaultCurrency },
}: ServerContext): Route {
  return {
    method: 'GET',
    path: '/api/events',
    scope: 'read',
    operation: {
      operationId: 'get_events',
      tags: ['answers'],
      summary: 'The latest events, newest first',
      description: 'Each with the campaign and the source that it is credited to.',
      parameters: [...PARAMETERS, REVALIDATE],
      responses: {
        '200': {
          description: 'The events.',
          content: { 'application/json': { schema: ref('LatestEvents') } },
        },
        '304': { description: 'Nothing has changed since the answer with that ETag.' },
      },
    },
    async handle({ query, header }) {
      const request = questionOf(query, { timeZone, defaultCurrency }, PARAMETERS);
      const { sinceMicros, untilMicros, campaignId, where } = request;
      const limit = request.limit ?? DEFAULT_LIMIT;
      if (limit > MAX_LIMIT) {
        throw new MapipeError('MAPIPE_USAGE', `limit is at most ${MAX_LIMIT} here, got ${limit}`);
      }
      const question = { sinceMicros, untilMicros, campaignId, where, limit };
      const { etag, body } = await desk.answer('events', question, header('if-none-match'), async () => {
        const events = await store.latestEvents(question);
        return `${stringifyExact({ schema: 'mapipe.events/1', events: events.map(eventObject) })}\n`;
      });
      return body === null ? notModified(etag) : json(200, body, { etag, 'cache-control': 'no-cache' });
    },
  };
}

function eventObject(event: Event): ExactJson {
  const hasAmount = event.type !== 'click';
  return new Map<string, ExactJson>([
    ['type', event.type],
    ['timestamp', isoUtc(event.timestampMicros)],
    ...SHOWN_FIELDS.map((field): [string, ExactJson] => [field, event[field] ?? null]),
    ['amount', hasAmount ? exactMoney(event.amountMicros) : null],
    ['currency', hasAmount ? (event.currency ?? null) : null],
  ]);
}
