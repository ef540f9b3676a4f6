/** The JSON contract: `mapipe.report/1` and `mapipe.ingest/1`. Names, order and meaning are stable. */
import type { Accounting, IngestSummary, InputSummary } from '../../ingest-summary.js';
import type { Report, Timeline } from '../report.js';
import { exactJsonParts, lazyList, type ExactJson } from './exact-json.js';
import { exactMoney, isoUtcOrNull, metricFields } from './metric-fields.js';
import { isoUtc } from './time-format.js';

type Fields = readonly (readonly [string, ExactJson])[];

/** The body of `mapipe report --json` and of `GET /api/analytics`, pretty-printed, with a final newline. */
export function reportJson(report: Report): string {
  return [...reportJsonParts(report)].join('');
}

/** The same in parts, row by row. */
export function* reportJsonParts(report: Report): Iterable<string> {
  yield* exactJsonParts(reportObject(report), 2);
  yield '\n';
}

/** The body of `mapipe ingest --json`. */
export function ingestJson(summary: IngestSummary): string {
  return [...ingestJsonParts(summary)].join('');
}

/** The same in parts, row by row. */
export function* ingestJsonParts(summary: IngestSummary): Iterable<string> {
  const fields: Fields = [
    ['schema', 'mapipe.ingest/1'],
    ...accountFields(summary),
    ['inputs', summary.inputs.map(inputObject)],
    ...(summary.interrupted ? [['interrupted', true] as const] : []),
    ['report', reportObject(summary.report)],
  ];
  yield* exactJsonParts(new Map(fields), 2);
  yield '\n';
}

/** What became of every line, as each body says it that tells of lines read. */
export function accountFields(summary: Accounting & { readonly seconds: number }): Fields {
  return [
    ['lines', summary.lines],
    ['accepted', summary.accepted],
    ['duplicates', summary.duplicates],
    ['ignored', summary.ignored],
    ['rejected', summary.rejected],
    ['stamped', summary.stamped],
    ['ignores', countsObject(summary.ignores)],
    ['rejects', countsObject(summary.rejects)],
    ['bytes', summary.bytes],
    ['seconds', Math.round(summary.seconds * 1000) / 1000],
  ];
}

function reportObject(report: Report): ExactJson {
  const { filters, totals, breakdowns, timelineAsked, otherCurrencies } = report;
  const fields: Fields = [
    ['schema', 'mapipe.report/1'],
    ['generated_at', report.generatedAt.toISOString()],
    [
      'filters',
      new Map([
        ['since', isoUtcOrNull(filters.sinceMicros)],
        ['until', isoUtcOrNull(filters.untilMicros)],
        ['time_zone', filters.timeZone],
        ['campaign_id', filters.campaignId],
        ...filters.where,
      ]),
    ],
    ['currency', report.currency],
    ['exact', { unique_users: report.exact.uniqueUsers }],
    ...optional(
      'other_currencies',
      otherCurrencies.length > 0 &&
        otherCurrencies.map((other) => ({
          currency: other.currency,
          conversions: other.conversions,
          refunds: other.refunds,
          revenue: exactMoney(other.revenueMicros),
        })),
    ),
    ['totals', new Map([['campaigns', totals.campaigns], ...metricFields(totals)])],
    [
      'campaigns',
      lazyList(
        report.campaigns,
        (row) => new Map<string, ExactJson>([['campaign_id', row.campaignId], ...metricFields(row)]),
      ),
    ],
    ...optional('breakdowns', breakdowns.size > 0 && breakdownsObject(report)),
    ...optional(
      'timeline',
      (timelineAsked || filters.campaignId !== null) &&
        report.timeline !== null &&
        timelineObject(report.timeline),
    ),
  ];
  return new Map(fields);
}

/** A field that is there only where it has something to say. */
function optional(name: string, value: ExactJson): Fields {
  return value === false ? [] : [[name, value]];
}

function breakdownsObject({ breakdowns }: Report): ExactJson {
  return new Map(
    [...breakdowns].map(([dimension, rows]) => [
      dimension,
      lazyList(rows, (row) => new Map<string, ExactJson>([['key', row.key], ...metricFields(row)])),
    ]),
  );
}

function timelineObject({ interval, points }: Timeline): ExactJson {
  return {
    interval,
    points: points.map((point) => ({
      start: isoUtc(point.startMicros),
      clicks: point.clicks,
      conversions: point.conversions,
      revenue: exactMoney(point.revenueMicros),
    })),
  };
}

function countsObject(counts: ReadonlyMap<string, number>): ExactJson {
  return new Map([...counts].filter(([, count]) => count > 0));
}

function inputObject(input: InputSummary): ExactJson {
  return {
    input: input.input,
    format: input.format,
    from_offset: input.fromOffset,
    to_offset: input.toOffset,
    lines: input.lines,
  };
}
