/** What is looked at, kept in the page's address so that Back, reload and a shared link show the same. */
import { isDate } from './calendar.js';
import { isPreset, type RangeChoice } from './date-range.js';
import { canFilter, DIMENSIONS, type Dimension, type Filters } from './dimensions.js';

export interface ViewState {
  /** null: none was chosen, the store's last event decides. */
  readonly range: RangeChoice | null;
  readonly compare: boolean;
  readonly filters: Filters;
}

/** Reads `?range=7d&campaign=…`; what makes no sense is left out rather than failed on. */
export function readViewState(search: string): ViewState {
  const query = new URLSearchParams(search);
  const filters = new Map<Dimension, string | null>();
  for (const { dimension } of DIMENSIONS) {
    const text = query.get(dimension);
    const value = text === '' ? null : text;
    if (text !== null && canFilter(dimension, value)) filters.set(dimension, value);
  }
  return { range: readRange(query), compare: query.get('compare') !== 'off', filters };
}

/** The query of the page's address, with its `?`; empty where everything is as it comes. */
export function writeViewState({ range, compare, filters }: ViewState): string {
  const query = new URLSearchParams();
  if (typeof range === 'string') query.set('range', range);
  else if (range !== null) {
    query.set('from', range.from);
    query.set('to', range.to);
  }
  if (!compare) query.set('compare', 'off');
  for (const { dimension } of DIMENSIONS) {
    const value = filters.get(dimension);
    if (value !== undefined) query.set(dimension, value ?? '');
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The same view with one filter set, or with it removed (undefined). */
export function withFilter(
  view: ViewState,
  dimension: Dimension,
  value: string | null | undefined,
): ViewState {
  const filters = new Map(view.filters);
  if (value === undefined) filters.delete(dimension);
  else filters.set(dimension, value);
  return { ...view, filters };
}

function readRange(query: URLSearchParams): RangeChoice | null {
  const preset = query.get('range') ?? '';
  if (isPreset(preset)) return preset;
  const from = query.get('from') ?? '';
  const to = query.get('to') ?? '';
  if (!isDate(from) || !isDate(to)) return null;
  return from <= to ? { from, to } : { from: to, to: from };
}
