/** What was asked, as texts: the one parser of a report's question, whether options or query parameters brought it. */
import { MapipeError } from '../errors.js';
import { canonicalText } from '../event/canonical-text.js';
import { isCurrencyCode } from '../event/money.js';
import type { EventSelection } from '../store/event-selection.js';
import type { ReportRequest } from './build-report.js';
import { nearest } from './nearest.js';
import { oneOf } from './one-of.js';
import { parseTime } from './parse-time.js';
import { DIMENSIONS, FILTER_FIELDS, type Dimension, type FilterField } from './report.js';
import { isSortKey, SORT_NAMES, type Sort } from './sort.js';

/** The texts that choose events. null: not given. */
export interface SelectionTexts {
  readonly since: string | null;
  readonly until: string | null;
  readonly campaignId: string | null;
  /** A value by field; an empty text asks for the events without one. */
  readonly where: ReadonlyMap<FilterField, string>;
}

export interface QuestionTexts extends SelectionTexts {
  /** Dimensions, comma separated. */
  readonly by: string | null;
  readonly sort: string | null;
  readonly limit: string | null;
  readonly currency: string | null;
  readonly exact: boolean;
  readonly timeline: boolean;
}

export interface ParsingContext {
  readonly timeZone: string;
  readonly nowMicros: bigint;
  /** What the user calls a field (`--since`, `since`), for messages. */
  readonly nameOf: (field: keyof QuestionTexts) => string;
}

/** A text that means nothing throws MAPIPE_USAGE. */
export function parseReportRequest(
  texts: QuestionTexts,
  context: ParsingContext & { readonly defaultCurrency: string },
): ReportRequest {
  const { nameOf } = context;
  return {
    ...parseSelection(texts, context),
    timeZone: context.timeZone,
    currency: texts.currency === null ? null : parseCurrency(nameOf('currency'), texts.currency),
    defaultCurrency: context.defaultCurrency,
    by: texts.by === null ? [] : parseDimensions(nameOf('by'), texts.by),
    sort: texts.sort === null ? null : parseSort(nameOf('sort'), texts.sort),
    limit: texts.limit === null ? null : parseLimit(nameOf('limit'), texts.limit),
    exactUsers: texts.exact,
    timeline: texts.timeline,
    charts: false,
  };
}

/** The part of a question that says which events it is about, for questions that ask for the events themselves. */
export function parseSelection(texts: SelectionTexts, context: ParsingContext): EventSelection {
  const { timeZone, nowMicros, nameOf } = context;
  const { since, until, campaignId, where } = texts;
  const sinceMicros = since === null ? null : parseTime(nameOf('since'), since, timeZone, nowMicros);
  const untilMicros = until === null ? null : parseTime(nameOf('until'), until, timeZone, nowMicros);
  if (sinceMicros !== null && untilMicros !== null && sinceMicros >= untilMicros) {
    throw new MapipeError(
      'MAPIPE_USAGE',
      `${nameOf('since')} ${since ?? ''} is not before ${nameOf('until')} ${until ?? ''}`,
    );
  }
  return {
    sinceMicros,
    untilMicros,
    campaignId: campaignId === null ? null : canonicalText('campaign_id', campaignId),
    where: parseFilters(where),
  };
}

/** In the order of the fields, whatever order they were given in. */
function parseFilters(texts: ReadonlyMap<FilterField, string>): Map<FilterField, string | null> {
  const where = new Map<FilterField, string | null>();
  for (const field of FILTER_FIELDS) {
    const text = texts.get(field);
    if (text !== undefined) where.set(field, text === '' ? null : canonicalText(field, text));
  }
  return where;
}

function parseDimensions(name: string, text: string): Dimension[] {
  return [...new Set(text.split(',').map((part) => oneOf(name, DIMENSIONS, part.trim())))];
}

function parseCurrency(name: string, text: string): string {
  const code = text.toUpperCase();
  if (isCurrencyCode(code)) return code;
  throw new MapipeError('MAPIPE_USAGE', `${name} expects an ISO 4217 code such as USD, got ${text}`);
}

function parseSort(name: string, text: string): Sort {
  const [key = '', direction, ...more] = text.split(':');
  if (
    more.length === 0 &&
    isSortKey(key) &&
    (direction === undefined || direction === 'asc' || direction === 'desc')
  ) {
    return { key, ascending: direction === undefined ? key === 'name' : direction === 'asc' };
  }
  const [near] = nearest(key, SORT_NAMES);
  throw new MapipeError(
    'MAPIPE_USAGE',
    `${name} expects a metric, with :asc or :desc if need be, got ${text}`,
    {
      hint: near && !isSortKey(key) ? `did you mean ${near}?` : `one of ${SORT_NAMES.join(', ')}`,
    },
  );
}

function parseLimit(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new MapipeError('MAPIPE_USAGE', `${name} expects a whole number from 1, got ${text}`);
}
