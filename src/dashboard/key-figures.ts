/** The figures that are looked at first, each against the period before, in words as well as by arrow and colour. */
import { changeOf, type Change } from './compare.js';
import { element, find, setText } from './dom.js';
import { changeShare, count, NOTHING, rate, type MoneyFormat } from './format.js';
import { updateFigure } from './highlight.js';
import type { ReportBody, Totals } from './report-body.js';

interface Figure {
  readonly id: string;
  readonly label: string;
  value(totals: Totals): number | null;
  /** In large type. */
  text(value: number, money: MoneyFormat, exactUsers: boolean): string;
  /** In full, where the large type rounds. */
  full(value: number, money: MoneyFormat): string;
  /** What the figure is made of, in small type. */
  context(totals: Totals, money: MoneyFormat): string;
  /** How large a change is; null: as a share of what was. */
  readonly changeText: ((change: Change) => string) | null;
}

const wholeNumber = { text: count, full: count, changeText: null };

const FIGURES: readonly Figure[] = [
  {
    id: 'revenue',
    label: 'Revenue',
    value: (totals) => totals.revenue,
    text: (value, money) => money.headline(value),
    full: (value, money) => money.exact(value),
    context: ({ refunds }) => (refunds === 0 ? 'no refunds' : `less ${plural(refunds, 'refund')}`),
    changeText: null,
  },
  {
    ...wholeNumber,
    id: 'conversions',
    label: 'Conversions',
    value: (totals) => totals.conversions,
    context: (totals, money) => `${money.exact(totals.average_order_value)} each`,
  },
  {
    id: 'rate',
    label: 'Conversion rate',
    value: (totals) => totals.conversion_rate,
    text: rate,
    full: rate,
    context: (totals) => `${count(totals.conversions)} of ${plural(totals.clicks, 'click')}`,
    changeText: (change) => `${(Math.abs(change.difference) * 100).toFixed(2)} pts`,
  },
  {
    ...wholeNumber,
    id: 'clicks',
    label: 'Clicks',
    value: (totals) => totals.clicks,
    context: (totals, money) => `${money.exact(totals.revenue_per_click)} each`,
  },
  {
    id: 'users',
    label: 'Users',
    value: (totals) => totals.unique_users,
    text: (value, _money, exactUsers) => `${exactUsers ? '' : '≈ '}${count(value)}`,
    full: count,
    context: ({ clicks, unique_users: users }) =>
      `${users > 0 ? (clicks / users).toFixed(2) : NOTHING} clicks each`,
    changeText: null,
  },
  {
    ...wholeNumber,
    id: 'campaigns',
    label: 'Campaigns',
    value: (totals) => totals.campaigns,
    context: () => 'with events',
    changeText: (change) => count(Math.abs(change.difference)),
  },
];

const ARROWS = { up: '▲', down: '▼', same: '=' } as const;

interface FigureElements {
  readonly value: HTMLElement;
  readonly change: HTMLElement;
  readonly context: HTMLElement;
}

export interface KeyFigures {
  show(report: ReportBody, before: Totals | null, money: MoneyFormat, live: boolean): void;
}

export function createKeyFigures(): KeyFigures {
  const elements = new Map<string, FigureElements>();
  const items = FIGURES.map(({ id, label }) => {
    const value = element('dd', { class: 'figure-value' });
    const change = element('dd', { class: 'figure-change' });
    const context = element('dd', { class: 'figure-context' });
    elements.set(id, { value, change, context });
    return element(
      'div',
      { class: 'figure', 'data-figure': id },
      element('dt', {}, label),
      value,
      change,
      context,
    );
  });
  find('#key-figures', HTMLElement).replaceChildren(...items);

  return {
    show(report, before, money, live) {
      for (const figure of FIGURES) {
        const target = elements.get(figure.id);
        if (!target) continue;
        const value = figure.value(report.totals);
        updateFigure(
          target.value,
          value === null ? NOTHING : figure.text(value, money, report.exact.unique_users),
          live,
        );
        target.value.title = value === null ? '' : figure.full(value, money);
        setText(target.context, figure.context(report.totals, money));
        showChange(target.change, figure, value, before && figure.value(before), before !== null, money);
      }
    },
  };
}

function showChange(
  target: HTMLElement,
  figure: Figure,
  now: number | null,
  before: number | null,
  compared: boolean,
  money: MoneyFormat,
): void {
  target.hidden = !compared;
  if (!compared) return;
  const change = changeOf(now, before);
  const from = before === null ? NOTHING : figure.text(before, money, true);
  target.dataset['direction'] = change?.direction ?? 'none';
  if (change === null || change.direction === 'same') {
    const words = change === null ? `before: ${from}` : `same as before`;
    target.replaceChildren(element('span', { class: 'from' }, words));
    return;
  }
  const amount = figure.changeText?.(change) ?? (change.share === null ? '' : changeShare(change.share));
  target.replaceChildren(
    element('span', { class: 'arrow', 'aria-hidden': 'true' }, ARROWS[change.direction]),
    element('span', { class: 'change' }, `${change.direction} ${amount}`.trim()),
    ' ',
    element('span', { class: 'from' }, `from ${from}`),
  );
}

function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
