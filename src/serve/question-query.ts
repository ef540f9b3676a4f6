/** A report question as the query of a URL: the same words as on the command line, parsed by the same code. */
import { MapipeError } from '../errors.js';
import { nowMicros } from '../event/time.js';
import { resolveZone } from '../event/time-zone.js';
import type { ReportRequest } from '../report/build-report.js';
import { nearest } from '../report/nearest.js';
import { FILTER_FIELDS } from '../report/report.js';
import { parseReportRequest } from '../report/report-request.js';
import type { Parameter } from './openapi-types.js';

/** Those that say which events are meant. */
export const SCOPE_PARAMETERS: readonly Parameter[] = [
  text('campaign_id', 'only this campaign, as it is written', 'summer_sale'),
  text('since', 'from then on: a date, RFC 3339, `7d`, `24h`, `today`, `yesterday`', '2026-06-01'),
  text('until', 'up to, not including, then', '2026-06-08'),
  text('tz', 'time zone of dates, days and hours; default the server’s', 'Europe/Berlin'),
  ...FILTER_FIELDS.map((field) =>
    text(field, `only events credited to this ${field}; empty: those without one`, undefined),
  ),
];

/** Those that say how the answer is laid out. */
export const LAYOUT_PARAMETERS: readonly Parameter[] = [
  text('by', 'group by these dimensions, comma separated', 'source,product'),
  text('sort', 'order rows by this metric; `:asc` for smallest first', 'conversion_rate:asc'),
  { ...text('limit', 'at most so many rows', undefined), schema: { type: 'integer', minimum: 1 } },
  text('currency', 'report revenue in this currency; totals never mix them', 'EUR'),
  {
    ...text('exact', 'count users exactly however many events there are', undefined),
    schema: { type: 'boolean' },
  },
  {
    ...text('timeline', 'add the timeline also where no campaign is asked for', undefined),
    schema: { type: 'boolean' },
  },
];

export interface QuestionDefaults {
  readonly timeZone: string;
  readonly defaultCurrency: string;
}

/** Throws MAPIPE_USAGE for what cannot be understood, unknown parameters included. */
export function questionOf(
  query: URLSearchParams,
  { timeZone, defaultCurrency }: QuestionDefaults,
  allowed: readonly Parameter[],
): ReportRequest {
  refuseUnknown(query, allowed);
  const value = (name: string): string | null => query.get(name) || null;
  return parseReportRequest(
    {
      since: value('since'),
      until: value('until'),
      campaignId: value('campaign_id'),
      by: query.getAll('by').filter(Boolean).join(',') || null,
      sort: value('sort'),
      limit: value('limit'),
      currency: value('currency'),
      exact: flag(query, 'exact'),
      timeline: flag(query, 'timeline'),
      where: new Map(
        FILTER_FIELDS.flatMap((field) => {
          const text = query.get(field);
          return text === null ? [] : [[field, text] as const];
        }),
      ),
    },
    {
      timeZone: zoneOf(value('tz')) ?? timeZone,
      defaultCurrency,
      nowMicros: nowMicros(),
      nameOf: (field) => (field === 'campaignId' ? 'campaign_id' : field),
    },
  );
}

/** A misspelt filter that were ignored would give a wrong answer that looks right. */
function refuseUnknown(query: URLSearchParams, allowed: readonly Parameter[]): void {
  const names = allowed.map(({ name }) => name);
  for (const name of query.keys()) {
    if (!names.includes(name)) {
      const [near] = nearest(name, names);
      throw new MapipeError('MAPIPE_USAGE', `there is no parameter ${name}`, {
        hint: near
          ? `did you mean ${near}?`
          : names.length > 0
            ? `there are ${names.join(', ')}`
            : 'there are none',
      });
    }
    if (name !== 'by' && query.getAll(name).length > 1) {
      throw new MapipeError('MAPIPE_USAGE', `${name} is given more than once`);
    }
  }
}

function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  if (value === null || value === 'false' || value === '0') return false;
  if (value === 'true' || value === '1' || value === '') return true;
  throw new MapipeError('MAPIPE_USAGE', `${name} expects true or false, got ${value}`);
}

function zoneOf(name: string | null): string | null {
  if (name === null) return null;
  const zone = resolveZone(name);
  if (zone !== null) return zone;
  throw new MapipeError('MAPIPE_USAGE', `tz expects a time zone such as Europe/Berlin or UTC, got ${name}`);
}

function text(name: string, description: string, example: string | undefined): Parameter {
  return {
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
    ...(example === undefined ? {} : { example }),
  };
}
