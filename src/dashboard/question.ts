/** A view as the server's query and as the command that answers the same in a terminal. */
import type { Period } from './date-range.js';
import { DIMENSIONS, type Filters } from './dimensions.js';
import { shellWord } from './shell-word.js';

/** Rows of a table at most: a page is for reading; a store may have a hundred thousand ads. */
export const MAX_ROWS = 500;

/** Campaigns come with every report, but are held to the limit only where they are asked for. */
const BREAKDOWNS = DIMENSIONS.map(({ dimension, field }) => (dimension === 'campaign' ? dimension : field));

export interface Question {
  readonly period: Period;
  readonly filters: Filters;
  readonly zone: string;
}

export function analyticsPath(question: Question): string {
  const query = queryOf(question);
  query.set('by', BREAKDOWNS.join(','));
  query.set('timeline', 'true');
  query.set('limit', String(MAX_ROWS));
  return `/api/analytics?${query.toString()}`;
}

export function eventsPath(question: Question, limit: number): string {
  const query = queryOf(question);
  query.set('limit', String(limit));
  return `/api/events?${query.toString()}`;
}

/** `prefix` is the server's own `mapipe report`, with its store. */
export function reportCommand(prefix: string, { period, filters, zone }: Question): string {
  const words = [prefix];
  if (period.since !== null) words.push('--since', shellWord(period.since));
  if (period.until !== null) words.push('--until', shellWord(period.until));
  for (const { dimension, field } of DIMENSIONS) {
    const value = filters.get(dimension);
    if (value === undefined) continue;
    // With the sign, since a value may begin like an option.
    if (dimension === 'campaign') {
      const id = value ?? '';
      words.push(...(id.startsWith('-') ? [shellWord(`--campaign=${id}`)] : ['--campaign', shellWord(id)]));
    } else words.push('--where', shellWord(`${field}=${value ?? ''}`));
  }
  words.push('--tz', shellWord(zone));
  return words.join(' ');
}

function queryOf({ period, filters, zone }: Question): URLSearchParams {
  const query = new URLSearchParams();
  if (period.since !== null) query.set('since', period.since);
  if (period.until !== null) query.set('until', period.until);
  query.set('tz', zone);
  for (const { dimension, field } of DIMENSIONS) {
    const value = filters.get(dimension);
    if (value !== undefined) query.set(field, value ?? '');
  }
  return query;
}
