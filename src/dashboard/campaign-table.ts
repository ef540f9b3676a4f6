/** Every campaign with every metric: sorted by any column, searched by name. */
import { canFilter } from './dimensions.js';
import { button, element, find, setText } from './dom.js';
import { downloadCsv } from './download.js';
import { count, rate, type MoneyFormat, type TimeFormat } from './format.js';
import { updateFigure } from './highlight.js';
import { KeyedList, type Row } from './keyed-list.js';
import { keyText, setName } from './name-cell.js';
import { MAX_ROWS } from './question.js';
import type { CampaignRow, Metrics, ReportBody } from './report-body.js';
import { sortCampaigns, type CampaignSort } from './sort-campaigns.js';
import { displayName } from './visible-text.js';

export interface CampaignTableContext {
  readonly money: MoneyFormat;
  readonly time: TimeFormat;
  readonly live: boolean;
  readonly fileName: string;
  readonly filtered: string | null | undefined;
}

export interface CampaignTable {
  show(report: ReportBody, context: CampaignTableContext): void;
}

interface Column {
  readonly key: keyof Metrics;
  readonly title: string;
  /** In full, where the title is short. */
  readonly label?: string;
  text(metrics: Metrics, context: CampaignTableContext, exactUsers: boolean): string;
}

const COLUMNS: readonly Column[] = [
  { key: 'revenue', title: 'Revenue', text: (metrics, { money }) => money.exact(metrics.revenue) },
  { key: 'conversions', title: 'Conversions', text: ({ conversions }) => count(conversions) },
  {
    key: 'conversion_rate',
    title: 'Rate',
    label: 'Conversion rate',
    text: (metrics) => rate(metrics.conversion_rate),
  },
  { key: 'clicks', title: 'Clicks', text: ({ clicks }) => count(clicks) },
  {
    key: 'unique_users',
    title: 'Users',
    text: (metrics, _context, exact) => `${exact ? '' : '≈ '}${count(metrics.unique_users)}`,
  },
  {
    key: 'average_order_value',
    title: 'Avg. order',
    label: 'Average order value',
    text: (metrics, { money }) => money.exact(metrics.average_order_value),
  },
  {
    key: 'revenue_per_click',
    title: 'Per click',
    label: 'Revenue per click',
    text: (metrics, { money }) => money.exact(metrics.revenue_per_click),
  },
  { key: 'refunds', title: 'Refunds', text: ({ refunds }) => count(refunds) },
  {
    key: 'last_event_at',
    title: 'Last event',
    text: ({ last_event_at: at }, { time }) =>
      at === null ? '–' : `${time.day(Date.parse(at))}, ${time.hour(Date.parse(at))}`,
  },
];

const FIRST_ROWS = 25;

export function createCampaignTable(
  onCampaign: (campaignId: string | null | undefined) => void,
): CampaignTable {
  let report: ReportBody | null = null;
  let context: CampaignTableContext | null = null;
  let sort: CampaignSort = { key: 'revenue', ascending: false };
  let sought = '';
  let showsAll = false;

  const table = find('#campaigns-table', HTMLTableElement);
  const note = find('#campaigns-note', HTMLElement);
  const search = find('#campaigns-search', HTMLInputElement);
  const more = button('', { class: 'button quiet more' }, () => {
    showsAll = !showsAll;
    draw();
  });
  find('#campaigns-scroll', HTMLElement).after(more);

  const headings = new Map<CampaignSort['key'], HTMLTableCellElement>();
  const headRow = element('tr', {}, heading('campaign_id', 'Campaign'));
  for (const { key, title, label } of COLUMNS) headRow.append(heading(key, title, label));
  const body = element('tbody');
  const totalCells = COLUMNS.map(() => element('td', { class: 'number' }));
  table.append(
    element('thead', {}, headRow),
    body,
    element('tfoot', {}, element('tr', {}, element('th', { scope: 'row' }, 'Total'), ...totalCells)),
  );
  const list = new KeyedList<CampaignRow>(body, (row) => keyText(row.campaign_id), createRow);

  search.addEventListener('input', () => {
    sought = search.value.trim().toLocaleLowerCase('en');
    draw();
  });
  find('#campaigns-actions', HTMLElement).append(
    button('CSV', { class: 'button quiet', 'aria-label': 'Campaigns as CSV' }, () => {
      downloadCsv(`${context?.fileName ?? 'mapipe'}-campaigns`, {
        columns: ['campaign_id', ...COLUMNS.map(({ key }) => key)],
        rows: visibleRows().map((row) => [row.campaign_id, ...COLUMNS.map(({ key }) => row[key])]),
      });
    }),
  );

  function heading(key: CampaignSort['key'], title: string, label = title): HTMLTableCellElement {
    const sorter = button(title, { class: 'sort-button', title: label }, () => {
      // Figures are first wanted from the largest, names from A.
      sort = { key, ascending: sort.key === key ? !sort.ascending : key === 'campaign_id' };
      draw();
    });
    const cell = element('th', { scope: 'col' }, sorter);
    headings.set(key, cell);
    return cell;
  }

  function createRow(): Row<CampaignRow> {
    let campaignId: string | null = null;
    const name = button('', { class: 'name-button' }, () => {
      onCampaign(context?.filtered === campaignId ? undefined : campaignId);
    });
    const cells = COLUMNS.map(({ key }) =>
      element('td', { class: key === 'revenue' ? 'number strong' : 'number' }),
    );
    const root = element('tr', {}, element('th', { scope: 'row' }, name), ...cells);
    return {
      root,
      update(row) {
        campaignId = row.campaign_id;
        setName(name, 'campaign', campaignId);
        name.disabled = !canFilter('campaign', campaignId);
        name.setAttribute('aria-pressed', String(context?.filtered === campaignId));
        fill(cells, row, true);
      },
    };
  }

  function fill(cells: readonly HTMLElement[], metrics: Metrics, highlights: boolean): void {
    COLUMNS.forEach((column, index) => {
      const cell = cells[index];
      if (!cell || !context || !report) return;
      const text = column.text(metrics, context, report.exact.unique_users);
      updateFigure(cell, text, highlights && context.live);
    });
  }

  function visibleRows(): CampaignRow[] {
    const found = (report?.campaigns ?? []).filter(
      (row) =>
        sought === '' || displayName('campaign', row.campaign_id).toLocaleLowerCase('en').includes(sought),
    );
    return sortCampaigns(found, sort);
  }

  function draw(): void {
    if (!report) return;
    const rows = visibleRows();
    list.show(showsAll ? rows : rows.slice(0, FIRST_ROWS));
    fill(totalCells, report.totals, false);
    for (const [key, cell] of headings) {
      if (key === sort.key) cell.setAttribute('aria-sort', sort.ascending ? 'ascending' : 'descending');
      else cell.removeAttribute('aria-sort');
    }
    more.hidden = rows.length <= FIRST_ROWS;
    setText(more, showsAll ? 'Show fewer' : `Show all ${count(rows.length)}`);
    const all = report.campaigns.length;
    setText(
      note,
      rows.length === 0 && sought !== ''
        ? `No campaign’s name contains “${search.value.trim()}”.`
        : all >= MAX_ROWS
          ? `The ${count(MAX_ROWS)} campaigns with the most revenue, of ${count(report.totals.campaigns)}; the total is of all.`
          : '',
    );
  }

  return {
    show(given, givenContext) {
      report = given;
      context = givenContext;
      draw();
    },
  };
}
