/** The shapes of what goes in and out, as the API's documentation states them. */
import { EVENT_TYPES } from '../event/event.js';
import { ref, type Schema } from './openapi-types.js';

const text = (description: string, example?: string): Schema => ({
  type: 'string',
  description,
  ...(example === undefined ? {} : { examples: [example] }),
});
const textOrNull = (description: string): Schema => ({ type: ['string', 'null'], description });
const count = (description: string): Schema => ({ type: 'integer', minimum: 0, description });
const ratio = (description: string): Schema => ({ type: ['number', 'null'], description });
const moment = (description: string): Schema => ({ type: 'string', format: 'date-time', description });
const momentOrNull = (description: string): Schema => ({ ...moment(description), type: ['string', 'null'] });
const list = (items: Schema, description: string): Schema => ({ type: 'array', items, description });
const counts = (description: string): Schema => ({
  type: 'object',
  additionalProperties: { type: 'integer', minimum: 0 },
  description,
});

/** An object of which every property is there, but for those named optional. */
function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
  };
}

const METRICS = {
  clicks: count('clicks'),
  conversions: count('conversions'),
  refunds: count('refunds'),
  revenue: { type: 'number', description: 'conversion amounts less refunds; exact to the micro' },
  unique_users: count('distinct users'),
  conversion_rate: ratio('conversions / clicks; null without clicks'),
  average_order_value: ratio('revenue / conversions; null without conversions'),
  revenue_per_click: ratio('revenue / clicks; null without clicks'),
  first_event_at: momentOrNull('of the first event'),
  last_event_at: momentOrNull('of the last event'),
} as const satisfies Record<string, Schema>;

const EVENT_FIELDS = {
  user_id: text('who', 'customer_123'),
  campaign_id: text('which campaign', 'summer_sale'),
  timestamp: {
    type: ['string', 'number'],
    description: 'RFC 3339, or epoch in s, ms or µs; the moment of receipt if it is left out',
    examples: ['2026-06-01T12:00:00Z'],
  },
  event_id: text('identity: the same is counted once'),
} as const satisfies Record<string, Schema>;

const ACCOUNT = {
  lines: count('lines read'),
  accepted: count('stored'),
  duplicates: count('known before'),
  ignored: count('no click, conversion or refund'),
  rejected: count('against the rules'),
  stamped: count('events without a timestamp, given the moment of receipt'),
  ignores: counts('ignored lines by reason'),
  rejects: counts('rejected lines by reason'),
  bytes: count('bytes read'),
  seconds: { type: 'number', description: 'how long it took' },
} as const satisfies Record<string, Schema>;

const GROUPS = list(
  object({ key: textOrNull('the value; null: none'), ...METRICS }),
  'one row a value, ordered by revenue, then clicks, then key',
);

export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Click: object(
    {
      ...EVENT_FIELDS,
      source: text('utm_source', 'google'),
      medium: text('utm_medium', 'cpc'),
      ad_id: text('utm_content', 'banner_ad_456'),
      term: text('utm_term'),
      click_id: text('gclid, fbclid, …'),
    },
    ['timestamp', 'event_id', 'source', 'medium', 'ad_id', 'term', 'click_id'],
  ),
  Conversion: object(
    {
      ...EVENT_FIELDS,
      amount: {
        type: ['number', 'string'],
        description: 'a decimal with at most 6 decimals, kept exactly as it is written; 0 if it is left out',
        examples: [99.99],
      },
      currency: text('ISO 4217; the server’s own if it is left out', 'USD'),
      product: text('what was bought', 'premium_package'),
      order_id: text('identity: one conversion an order'),
    },
    ['campaign_id', 'timestamp', 'event_id', 'amount', 'currency', 'product', 'order_id'],
  ),
  Stored: object({ status: { enum: ['stored', 'duplicate'], description: 'what became of the event' } }),
  BulkAccount: object({
    schema: { const: 'mapipe.bulk/1' },
    ...ACCOUNT,
    rejected_lines: list(
      object(
        {
          line: count('its number, from 1'),
          offset: count('of its first byte'),
          reason: text('from a closed list', 'invalid_json'),
          detail: text('what came'),
        },
        ['detail'],
      ),
      'the first 1,000',
    ),
  }),
  Report: object(
    {
      schema: { const: 'mapipe.report/1' },
      generated_at: moment('when it was computed'),
      filters: {
        ...object({
          since: momentOrNull('inclusive'),
          until: momentOrNull('exclusive'),
          time_zone: text('of days and hours'),
          campaign_id: textOrNull('the campaign asked for'),
        }),
        additionalProperties: textOrNull('a field asked for, such as source; null: events without one'),
      },
      currency: text('of every revenue here', 'USD'),
      exact: object({ unique_users: { type: 'boolean', description: 'false: estimated, within about 1 %' } }),
      other_currencies: list(
        object({
          currency: text('ISO 4217'),
          conversions: count('in it'),
          refunds: count('in it'),
          revenue: { type: 'number', description: 'in it' },
        }),
        'money that the revenue here leaves out; only where there is any',
      ),
      totals: object({ campaigns: count('campaigns with a name'), ...METRICS }),
      campaigns: list(
        object({
          campaign_id: textOrNull('null: conversions that no campaign gets the credit for'),
          ...METRICS,
        }),
        'ordered by revenue, then clicks, then id',
      ),
      breakdowns: {
        type: 'object',
        additionalProperties: GROUPS,
        description: 'by dimension; with a campaign, or with `by`',
      },
      timeline: object({
        interval: { enum: ['hour', 'day'], description: 'the length of a bucket' },
        points: list(
          object({
            start: moment('of the bucket'),
            clicks: count('in it'),
            conversions: count('in it'),
            revenue: { type: 'number', description: 'in it' },
          }),
          'without gaps',
        ),
      }),
    },
    ['other_currencies', 'breakdowns', 'timeline'],
  ),
  LatestEvents: object({
    schema: { const: 'mapipe.events/1' },
    events: list(
      object({
        type: { enum: [...EVENT_TYPES], description: 'what happened' },
        timestamp: moment('when'),
        campaign_id: textOrNull('that it is credited to'),
        user_id: textOrNull('who'),
        source: textOrNull('that it is credited to'),
        medium: textOrNull('that it is credited to'),
        ad_id: textOrNull('that it is credited to'),
        term: textOrNull('that it is credited to'),
        product: textOrNull('what was bought'),
        amount: { type: ['number', 'null'], description: 'null for a click' },
        currency: textOrNull('of the amount'),
      }),
      'newest first',
    ),
  }),
  Health: object({
    status: { enum: ['ok', 'degraded'], description: 'whether it can do its work' },
    version: text('of mapipe'),
    uptime_seconds: count('since it was started'),
    store: object({ reachable: { type: 'boolean', description: 'whether the store is there' } }),
    last_commit_at: momentOrNull('when anything was last stored, by whichever process'),
    lag_seconds: { type: 'number', minimum: 0, description: 'age of the oldest event not durable yet' },
  }),
  Settings: object({
    version: text('of mapipe'),
    time_zone: text('of dates where a question names none'),
    currency: text('of amounts that name none'),
    demo: { type: 'boolean', description: 'whether the data are made up' },
    ingest_command: text('fills the store'),
    report_command: text('asks it'),
  }),
  Problem: object(
    {
      type: text('where this kind of problem is explained'),
      title: text('the kind of problem'),
      status: { type: 'integer', description: 'the HTTP status' },
      detail: text('what was expected, and what came'),
      hint: text('what to do'),
      code: text('mapipe’s own code of the error'),
      errors: list(
        object({
          field: text('which field'),
          reason: text('from a closed list'),
          detail: text('what was expected, and what came'),
        }),
        'each fault of an event',
      ),
    },
    ['hint', 'code', 'errors'],
  ),
};

export const PROBLEM_CONTENT = { 'application/problem+json': { schema: ref('Problem') } };
