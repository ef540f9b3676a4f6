/** The time series: readouts that follow the cursor, the chart, and the same figures as a table. */
import { button, element, find, setText } from './dom.js';
import { downloadCsv } from './download.js';
import { compactCount, count, type MoneyFormat, type TimeFormat } from './format.js';
import { createTimeSeriesChart } from './time-series-chart.js';
import { SERIES, type Series, type TimelineSeries } from './timeline-series.js';
import { rfc3339 } from './calendar.js';

export interface TrendContext {
  readonly money: MoneyFormat;
  readonly time: TimeFormat;
  readonly zone: string;
  /** Whether the last bucket is still filling. */
  readonly running: boolean;
  readonly fileName: string;
}

export interface TrendPanel {
  show(series: TimelineSeries, context: TrendContext): void;
  redraw(): void;
}

const TITLES: Readonly<Record<Series, string>> = {
  clicks: 'Clicks',
  conversions: 'Conversions',
  revenue: 'Revenue',
};

export function createTrendPanel(): TrendPanel {
  let shown: TimelineSeries | null = null;
  let context: TrendContext | null = null;
  let asTable = false;

  const chartArea = find('#trend-chart', HTMLElement);
  const tableArea = find('#trend-table', HTMLElement);
  const moment = find('#trend-moment', HTMLElement);
  const readouts = new Map<Series, { now: HTMLElement; before: HTMLElement; canvas: HTMLElement }>();
  for (const name of SERIES) {
    const now = element('span', { class: 'strip-now' });
    const before = element('span', { class: 'strip-before' });
    const canvas = element('div', { class: 'strip-canvas', role: 'img', 'aria-label': TITLES[name] });
    readouts.set(name, { now, before, canvas });
    chartArea.append(
      element(
        'div',
        { class: 'strip', 'data-series': name },
        element(
          'p',
          { class: 'strip-head' },
          element('span', { class: 'strip-title' }, TITLES[name]),
          now,
          before,
        ),
        canvas,
      ),
    );
  }
  const canvasOf = (name: Series): HTMLElement => readouts.get(name)?.canvas ?? chartArea;
  const chart = createTimeSeriesChart(
    { clicks: canvasOf('clicks'), conversions: canvasOf('conversions'), revenue: canvasOf('revenue') },
    readAt,
  );

  const toggle = button(
    'Table',
    { class: 'button quiet', 'aria-pressed': 'false', 'aria-controls': 'trend-table' },
    () => {
      asTable = !asTable;
      toggle.setAttribute('aria-pressed', String(asTable));
      chartArea.hidden = asTable;
      tableArea.hidden = !asTable;
      if (asTable) fillTable();
    },
  );
  const csv = button('CSV', { class: 'button quiet', 'aria-label': 'Time series as CSV' }, () => {
    if (context) downloadCsv(`${context.fileName}-timeline`, { columns: columns(), rows: cells() });
  });
  find('#trend-actions', HTMLElement).append(toggle, csv);

  chartArea.addEventListener('keydown', (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -1e6, End: 1e6 }[event.key];
    if (event.key === 'Escape') chart.clearCursor();
    if (steps === undefined) return;
    event.preventDefault();
    chart.moveCursor(steps);
    const words = SERIES.map((name) => `${TITLES[name]} ${readouts.get(name)?.now.textContent ?? ''}`).join(
      ', ',
    );
    setText(find('#announcer', HTMLElement), `${moment.textContent}: ${words}`);
  });
  chartArea.addEventListener('blur', () => {
    chart.clearCursor();
  });

  function valueText(name: Series, value: number | null | undefined): string {
    if (value === null || value === undefined) return '–';
    return name === 'revenue' ? (context?.money.exact(value) ?? '') : count(value);
  }

  function timeText(startSeconds: number): string {
    const at = startSeconds * 1000;
    if (!context || !shown) return '';
    return shown.interval === 'hour'
      ? `${context.time.weekday(at)}, ${context.time.hour(at)}`
      : context.time.weekday(at);
  }

  function readAt(index: number | null): void {
    if (!shown) return;
    const start = index === null ? undefined : shown.starts[index];
    const isLast = index === shown.starts.length - 1;
    setText(
      moment,
      start === undefined
        ? `per ${shown.interval}${shown.before ? ', dashed: the period before' : ''}`
        : `${timeText(start)}${isLast && context?.running ? ' (so far)' : ''}`,
    );
    chartArea.classList.toggle('is-reading', start !== undefined);
    for (const name of SERIES) {
      const readout = readouts.get(name);
      if (!readout) continue;
      setText(readout.now, index === null ? '' : valueText(name, shown.values[name][index]));
      const before = index === null ? null : (shown.before?.[name][index] ?? null);
      setText(readout.before, before === null ? '' : `before ${valueText(name, before)}`);
    }
  }

  function columns(): string[] {
    const names: string[] = [...SERIES];
    return ['start', ...names, ...(shown?.before ? names.map((name) => `${name}_before`) : [])];
  }

  function cells(): (string | number | null)[][] {
    const { starts = [], values, before, interval } = shown ?? {};
    return starts.map((start, index) => {
      const moment = rfc3339(start * 1000, context?.zone ?? 'UTC');
      return [
        interval === 'day' ? moment.slice(0, 10) : moment,
        ...SERIES.map((name) => values?.[name][index] ?? null),
        ...(before ? SERIES.map((name) => before[name][index] ?? null) : []),
      ];
    });
  }

  function fillTable(): void {
    if (!shown) return;
    const { starts, values, before } = shown;
    const head = ['Time', ...SERIES.map((name) => TITLES[name])];
    const headBefore = before ? SERIES.map((name) => `${TITLES[name]} before`) : [];
    const table = element(
      'table',
      { class: 'data' },
      element('caption', { class: 'visually-hidden' }, 'Clicks, conversions and revenue over time'),
      element(
        'thead',
        {},
        element('tr', {}, ...[...head, ...headBefore].map((title) => element('th', { scope: 'col' }, title))),
      ),
      element(
        'tbody',
        {},
        ...starts.map((start, index) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, timeText(start)),
            ...SERIES.map((name) => element('td', {}, valueText(name, values[name][index]))),
            ...(before ? SERIES.map((name) => element('td', {}, valueText(name, before[name][index]))) : []),
          ),
        ),
      ),
    );
    tableArea.replaceChildren(table);
  }

  return {
    show(series, given) {
      shown = series;
      context = given;
      const { money, time } = given;
      chart.show(series, {
        time: (at, previous) => axisLabel(series, time, at, previous),
        value: (name, value) => (name === 'revenue' ? money.compact(value) : compactCount(value)),
      });
      for (const name of SERIES) canvasOf(name).setAttribute('aria-label', summary(name));
      readAt(null);
      if (asTable) fillTable();
    },
    redraw() {
      chart.redraw();
    },
  };

  function summary(name: Series): string {
    if (!shown || shown.starts.length === 0) return `${TITLES[name]}: nothing in this period`;
    const values = shown.values[name].map((value) => value ?? 0);
    const highest = values.reduce((best, value, index) => (value > (values[best] ?? 0) ? index : best), 0);
    const first = shown.starts[0] ?? 0;
    const last = shown.starts.at(-1) ?? first;
    return (
      `${TITLES[name]} per ${shown.interval} from ${timeText(first)} to ${timeText(last)}; ` +
      `most on ${timeText(shown.starts[highest] ?? first)} with ${valueText(name, values[highest])}`
    );
  }
}

function axisLabel(series: TimelineSeries, time: TimeFormat, at: number, previous: number | null): string {
  if (series.interval === 'day') return time.day(at * 1000);
  const day = time.day(at * 1000);
  return previous === null || day !== time.day(previous * 1000) ? day : time.hour(at * 1000);
}
