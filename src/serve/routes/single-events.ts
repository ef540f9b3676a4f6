/** `POST /api/click` and `POST /api/conversion`: one event, answered when it is durable. */
import { EventBodyDecoder } from '../event-body.js';
import { ref } from '../openapi-types.js';
import { problem } from '../problem.js';
import { json, type ApiReply, type Route } from '../route.js';
import type { ServerContext } from '../server-context.js';

const MAX_EVENT_BYTES = 16 << 10;
const STORED = json(201, '{"status":"stored"}');
const DUPLICATE = json(200, '{"status":"duplicate"}');

const EXAMPLES = {
  click: {
    campaign_id: 'summer_sale',
    user_id: 'customer_123',
    source: 'google',
    ad_id: 'banner_ad_456',
  },
  conversion: {
    campaign_id: 'summer_sale',
    user_id: 'customer_123',
    amount: 99.99,
    product: 'premium_package',
  },
};

export function singleEventRoutes(context: ServerContext): Route[] {
  return [singleEventRoute('click', context), singleEventRoute('conversion', context)];
}

function singleEventRoute(type: 'click' | 'conversion', { decode, inbox, metrics }: ServerContext): Route {
  const decoder = new EventBodyDecoder(type, decode);
  return {
    method: 'POST',
    path: `/api/${type}`,
    scope: 'ingest',
    body: { kind: 'text', contentType: 'application/json', maxBytes: MAX_EVENT_BYTES },
    operation: {
      operationId: `post_${type}`,
      tags: ['events'],
      summary: `Store one ${type}`,
      description:
        'Answered once the event is durable; what arrives together is stored together. Without a timestamp it is ' +
        'the moment of receipt. An event_id, or an order_id with its type, is counted once: sending it again is safe.',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: ref(type === 'click' ? 'Click' : 'Conversion'),
            example: EXAMPLES[type],
          },
        },
      },
      responses: {
        '201': {
          description: 'It is stored.',
          content: { 'application/json': { schema: ref('Stored'), example: { status: 'stored' } } },
        },
        '200': {
          description: 'It was known already; nothing was added.',
          content: { 'application/json': { schema: ref('Stored'), example: { status: 'duplicate' } } },
        },
        '422': {
          description: 'It breaks the rules; each fault is named.',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
      },
    },
    async handle({ text }) {
      const body = text === null ? null : decoder.decode(text);
      if (body?.kind === 'event') return (await inbox.submit(body.event)) === 'stored' ? STORED : DUPLICATE;
      metrics.refused();
      return body?.kind === 'faults' ? invalidEvent(body.faults) : notAnObject(text);
    },
  };

  function invalidEvent(faults: Parameters<typeof problem>[1]['errors']): ApiReply {
    const list = (faults ?? []).map(({ field, detail }) => `${field}: ${detail}`).join('; ');
    return problem('invalid-event', { detail: list, errors: faults });
  }

  function notAnObject(text: string | null): ApiReply {
    const got =
      text === null
        ? 'bytes that are no UTF-8'
        : text.trim() === ''
          ? 'nothing'
          : isJson(text)
            ? 'another kind of JSON'
            : 'text that is no valid JSON';
    return problem('invalid-json', {
      detail: `expected one JSON object, got ${got}`,
      hint: `for example ${JSON.stringify(EXAMPLES[type])}`,
    });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
