/** Revenue by campaign, source, medium, ad or product: one table with bars in it, its dimension chosen by tabs. */
import { canFilter, DIMENSIONS, namesOf, rowsBy, type Dimension, type Filters } from './dimensions.js';
import { button, element, find, setText } from './dom.js';
import { downloadCsv } from './download.js';
import { count, shareOfWhole, type MoneyFormat } from './format.js';
import { updateFigure } from './highlight.js';
import { KeyedList, type Row } from './keyed-list.js';
import { keyText, setName } from './name-cell.js';
import { MAX_ROWS } from './question.js';
import type { BreakdownRow, ReportBody } from './report-body.js';

export interface BreakdownContext {
  readonly money: MoneyFormat;
  readonly filters: Filters;
  readonly live: boolean;
  readonly fileName: string;
}

export interface BreakdownPanel {
  show(report: ReportBody, context: BreakdownContext): void;
}

const FIRST_ROWS = 8;
const IN_TURN: readonly Dimension[] = ['source', 'campaign', 'ad', 'product', 'medium'];

export function createBreakdownPanel(
  onFilter: (dimension: Dimension, value: string | null | undefined) => void,
): BreakdownPanel {
  let report: ReportBody | null = null;
  let context: BreakdownContext | null = null;
  let chosen: Dimension = 'source';
  let showsAll = false;

  const table = find('#breakdown-table', HTMLElement);
  const keyHead = find('#breakdown-key', HTMLElement);
  const note = find('#breakdown-note', HTMLElement);
  const panel = find('#breakdown-panel', HTMLElement);
  const list = new KeyedList<BreakdownRow>(
    find('#breakdown-body', HTMLElement),
    ({ key }) => `${chosen} ${keyText(key)}`,
    createRow,
  );
  const more = button('', { class: 'button quiet more' }, () => {
    showsAll = !showsAll;
    draw();
  });
  table.after(more);
  find('#breakdown-actions', HTMLElement).append(
    button('CSV', { class: 'button quiet', 'aria-label': 'Revenue breakdown as CSV' }, exportCsv),
  );

  const tabs = DIMENSIONS.map(({ dimension, title }) => {
    const tab = button(
      title,
      { role: 'tab', id: `tab-${dimension}`, class: 'tab', 'aria-controls': 'breakdown-panel' },
      () => {
        choose(dimension);
      },
    );
    return { dimension, tab };
  });
  const tabList = find('#breakdown-tabs', HTMLElement);
  tabList.append(...tabs.map(({ tab }) => tab));
  tabList.addEventListener('keydown', (event) => {
    const at = tabs.findIndex(({ dimension }) => dimension === chosen);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
    const next = to === undefined ? undefined : tabs.at(to % tabs.length);
    if (!next) return;
    event.preventDefault();
    choose(next.dimension);
    next.tab.focus();
  });
  choose(chosen);

  function choose(dimension: Dimension): void {
    if (dimension !== chosen) showsAll = false;
    chosen = dimension;
    for (const { dimension: own, tab } of tabs) {
      tab.setAttribute('aria-selected', String(own === chosen));
      tab.tabIndex = own === chosen ? 0 : -1;
    }
    panel.setAttribute('aria-labelledby', `tab-${chosen}`);
    draw();
  }

  function createRow(): Row<BreakdownRow> {
    let key: string | null = null;
    const dimension = chosen;
    const name = button('', { class: 'name-button' }, () => {
      onFilter(dimension, isFiltered(dimension, key) ? undefined : key);
    });
    const bar = element('span', { class: 'bar' });
    const revenue = element('td', { class: 'number' });
    const share = element('td', { class: 'number muted' });
    const conversions = element('td', { class: 'number optional' });
    const root = element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', { class: 'bar-cell', 'aria-hidden': 'true' }, bar),
      revenue,
      share,
      conversions,
    );
    return {
      root,
      update(row) {
        key = row.key;
        const live = context?.live ?? false;
        setName(name, dimension, key);
        name.disabled = !canFilter(dimension, key);
        name.setAttribute('aria-pressed', String(isFiltered(dimension, key)));
        bar.style.setProperty('--size', String(Math.max(0, row.revenue) / (largest() || 1)));
        updateFigure(revenue, context?.money.exact(row.revenue) ?? '', live);
        setText(share, shareText(row.revenue));
        setText(conversions, count(row.conversions));
      },
    };
  }

  function isFiltered(dimension: Dimension, key: string | null): boolean {
    const filter = context?.filters.get(dimension);
    return filter !== undefined && filter === key;
  }

  function rows(): readonly BreakdownRow[] {
    return report ? rowsBy(report, chosen) : [];
  }

  function largest(): number {
    return rows().reduce((most, { revenue }) => Math.max(most, revenue), 0);
  }

  function shareText(revenue: number): string {
    const whole = report?.totals.revenue ?? 0;
    return whole > 0 && revenue >= 0 ? shareOfWhole(revenue / whole) : '–';
  }

  function draw(): void {
    const all = rows();
    const { title, plural } = namesOf(chosen);
    setText(keyHead, title);
    list.show(showsAll ? all : all.slice(0, FIRST_ROWS));
    more.hidden = all.length <= FIRST_ROWS;
    setText(more, showsAll ? 'Show fewer' : `Show all ${count(all.length)}`);
    setText(
      note,
      all.length === 0
        ? `No ${plural} in this period.`
        : all.length >= MAX_ROWS
          ? `The ${count(MAX_ROWS)} ${plural} with the most revenue.`
          : '',
    );
  }

  function exportCsv(): void {
    const { field } = namesOf(chosen);
    downloadCsv(`${context?.fileName ?? 'mapipe'}-revenue-by-${chosen}`, {
      columns: [field, 'revenue', 'conversions', 'refunds', 'clicks', 'unique_users', 'conversion_rate'],
      rows: rows().map((row) => [
        row.key,
        row.revenue,
        row.conversions,
        row.refunds,
        row.clicks,
        row.unique_users,
        row.conversion_rate,
      ]),
    });
  }

  return {
    show(given, givenContext) {
      const before = context?.filters;
      report = given;
      context = givenContext;
      // One row is no breakdown: a dimension that has just been filtered gives way to one that has not.
      const justFiltered = before !== context.filters && context.filters.has(chosen) && !before?.has(chosen);
      const next = IN_TURN.find((dimension) => !givenContext.filters.has(dimension));
      if (!justFiltered || !next) {
        draw();
        return;
      }
      const hadFocus = panel.contains(document.activeElement);
      choose(next);
      if (hadFocus) tabs.find(({ dimension }) => dimension === next)?.tab.focus({ preventScroll: true });
    },
  };
}
