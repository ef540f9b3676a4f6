/**
 * Conversion rate by campaign (within one campaign, by source, then by ad), as sorted bars on one scale with the
 * overall rate as a line across them. A table at heart: what the eye reads as bars, a screen reader reads as rows.
 */
import { canFilter, namesOf, rowsBy, type Dimension, type Filters } from './dimensions.js';
import { button, element, find, setText } from './dom.js';
import { downloadCsv } from './download.js';
import { count, rate } from './format.js';
import { updateFigure } from './highlight.js';
import { KeyedList, type Row } from './keyed-list.js';
import { keyText, setName } from './name-cell.js';
import type { BreakdownRow, Metrics, ReportBody } from './report-body.js';

export interface RateContext {
  readonly filters: Filters;
  readonly live: boolean;
  readonly fileName: string;
}

export interface RateBars {
  show(report: ReportBody, context: RateContext): void;
}

/** What is filtered to one value has no bars to compare. Products have no clicks, and so no rate. */
const DIMENSIONS_IN_TURN: readonly Dimension[] = ['campaign', 'source', 'ad', 'medium'];

interface RatedRow {
  readonly row: BreakdownRow;
  readonly rate: number;
}

const FIRST_ROWS = 7;
/** From fewer clicks a rate says little, since one sale moves it by points: such rows come last and set no scale. */
const FEW_CLICKS = 30;

export function createRateBars(onFilter: (dimension: Dimension, value: string | null) => void): RateBars {
  let report: ReportBody | null = null;
  let dimension: Dimension = 'campaign';
  let showsAll = false;
  let live = false;
  let fileName = '';
  const body = find('#rates-body', HTMLElement);
  const table = find('#rates-table', HTMLElement);
  const note = find('#rates-note', HTMLElement);
  const overall = find('#rates-overall', HTMLElement);
  const list = new KeyedList<RatedRow>(body, ({ row }) => `${dimension} ${keyText(row.key)}`, createRow);
  const more = button('', { class: 'button quiet more' }, () => {
    showsAll = !showsAll;
    draw();
  });
  table.after(more);
  find('#rates-actions', HTMLElement).append(
    button('CSV', { class: 'button quiet', 'aria-label': 'Conversion rates as CSV' }, () => {
      downloadCsv(`${fileName}-conversion-rates`, {
        columns: [namesOf(dimension).field, 'conversion_rate', 'conversions', 'clicks'],
        rows: rated().map(({ row }) => [row.key, row.conversion_rate, row.conversions, row.clicks]),
      });
    }),
  );

  function createRow(): Row<RatedRow> {
    let key: string | null = null;
    const own = dimension;
    const name = button('', { class: 'name-button' }, () => {
      onFilter(own, key);
    });
    const bar = element('span', { class: 'bar' });
    const figure = element('span', { class: 'rate-value' });
    const counts = element('span', { class: 'rate-counts' });
    const root = element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', { class: 'bar-cell', 'aria-hidden': 'true' }, bar),
      element('td', { class: 'rate-figure' }, figure, ' ', counts),
    );
    return {
      root,
      update({ row, rate: value }) {
        key = row.key;
        setName(name, own, key);
        name.disabled = !canFilter(own, key);
        const size = value / scaleTop();
        bar.style.setProperty('--size', String(Math.min(1, size)));
        root.classList.toggle('is-over', size > 1);
        root.classList.toggle('is-faint', isFaint({ row }));
        updateFigure(figure, rate(value), live);
        setText(counts, countsText(row));
      },
    };
  }

  function rated(): RatedRow[] {
    const rows = (report ? rowsBy(report, dimension) : []).flatMap((row) =>
      row.conversion_rate === null ? [] : [{ row, rate: row.conversion_rate }],
    );
    return rows.sort(
      (a, b) => Number(isFaint(a)) - Number(isFaint(b)) || b.rate - a.rate || b.row.clicks - a.row.clicks,
    );
  }

  function scaleTop(): number {
    const rows = rated();
    const firm = rows.filter((row) => !isFaint(row));
    const highest = (firm.length > 0 ? firm : rows).reduce(
      (most, row) => Math.max(most, row.rate),
      report?.totals.conversion_rate ?? 0,
    );
    return highest || 1;
  }

  function draw(): void {
    const rows = rated();
    list.show(showsAll ? rows : rows.slice(0, FIRST_ROWS));
    const total = report?.totals.conversion_rate ?? null;
    table.style.setProperty('--overall', String((total ?? 0) / scaleTop()));
    table.classList.toggle('has-overall', total !== null && rows.length > 1);
    overall.replaceChildren(
      element('span', { class: 'rate-value' }, rate(total)),
      ' ',
      element('span', { class: 'rate-counts' }, countsText(report?.totals)),
    );
    const faint = rows.some(isFaint);
    setText(
      note,
      rows.length === 0
        ? 'No clicks in this period, so there is nothing to divide.'
        : `Line: the overall rate. Bars, not a pie: rates don’t add up to a whole.${faint ? ` Hatched: fewer than ${FEW_CLICKS} clicks.` : ''}`,
    );
    more.hidden = rows.length <= FIRST_ROWS;
    setText(more, showsAll ? 'Show fewer' : `Show all ${count(rows.length)}`);
  }

  return {
    show(given, context) {
      report = given;
      ({ live, fileName } = context);
      dimension = DIMENSIONS_IN_TURN.find((candidate) => !context.filters.has(candidate)) ?? 'campaign';
      const { title: name } = namesOf(dimension);
      setText(find('#rates-title', HTMLElement), `Conversion rate by ${name.toLowerCase()}`);
      setText(find('#rates-key', HTMLElement), name);
      draw();
    },
  };
}

function isFaint({ row }: Pick<RatedRow, 'row'>): boolean {
  return row.clicks < FEW_CLICKS;
}

function countsText(metrics: Metrics | undefined): string {
  return metrics ? `${count(metrics.conversions)} of ${count(metrics.clicks)}` : '';
}
