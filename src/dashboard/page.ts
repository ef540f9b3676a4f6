/** Lays one view's answers out over the panels, or says in their place why there are none. */
import { announce } from './announcer.js';
import type { Answers } from './answers.js';
import { createBreakdownPanel } from './breakdown-panel.js';
import { dateAt } from './calendar.js';
import { createCampaignTable } from './campaign-table.js';
import { lastDateOf, type RangeChoice } from './date-range.js';
import type { Dimension } from './dimensions.js';
import { find, setText } from './dom.js';
import { hideEmpty, hideEverything, showEmptyPeriod, showEmptyStore, showNoMatch } from './empty-view.js';
import { createEventFeed } from './event-feed.js';
import { showFilterChips } from './filter-chips.js';
import {
  count,
  dateSpan,
  moneyFormat,
  rate,
  timeFormat,
  type MoneyFormat,
  type TimeFormat,
} from './format.js';
import { createKeyFigures } from './key-figures.js';
import { periodHeading } from './period-heading.js';
import { createRangePicker } from './range-picker.js';
import { createRateBars } from './rate-bars.js';
import type { ReportBody, Settings, Totals } from './report-body.js';
import { timelineSeries } from './timeline-series.js';
import { createTrendPanel } from './trend-panel.js';
import type { ViewState } from './url-state.js';

export interface PageActions {
  readonly chooseRange: (choice: RangeChoice) => void;
  /** undefined lifts the filter. */
  readonly filter: (dimension: Dimension, value: string | null | undefined) => void;
  readonly clearFilters: () => void;
  readonly compare: (wanted: boolean) => void;
}

export interface Page {
  /** What is looked at, before there is an answer. */
  showView(view: ViewState, choice: RangeChoice, zone: string): void;
  /** The question has no answer: figures of another one would be taken for it. */
  showRefusal(): void;
  /** `live`: the same view as before, changed by itself. */
  show(answers: Answers, settings: Settings, store: Totals, live: boolean): void;
  redraw(): void;
}

export function createPage(actions: PageActions): Page {
  const rangePicker = createRangePicker(actions.chooseRange);
  const keyFigures = createKeyFigures();
  const trend = createTrendPanel();
  const rates = createRateBars(actions.filter);
  const breakdown = createBreakdownPanel(actions.filter);
  const campaigns = createCampaignTable((campaignId) => {
    actions.filter('campaign', campaignId);
  });
  const feed = createEventFeed();
  const compare = find('#compare', HTMLInputElement);
  compare.addEventListener('change', () => {
    actions.compare(compare.checked);
  });
  const moneyOf = remembered(moneyFormat);
  const timeOf = remembered(timeFormat);

  function showHeading(answers: Answers, store: Totals): void {
    const { choice, period, question, before, nowMs } = answers;
    const heading = periodHeading({
      choice,
      period,
      before: before?.period ?? null,
      span: spanOf(store),
      nowMs,
      zone: question.zone,
    });
    setText(find('#period-title', HTMLElement), heading.title);
    setText(find('#period-dates', HTMLElement), heading.dates);
    document.title = `${heading.title} – mapipe`;
    // There is no period to choose from.
    document.body.classList.toggle('is-empty-store', store.last_event_at === null);
  }

  function showFigures(answers: Answers, store: Totals, live: boolean): void {
    const { report, before, question, events, nowMs, view } = answers;
    const { zone, period } = question;
    const money = moneyOf(report.currency);
    const time = timeOf(zone);
    const fileName = fileNameOf(answers);
    keyFigures.show(report, before?.report.totals ?? null, money, live);
    showOtherCurrencies(report, moneyOf);
    if (report.timeline) {
      const series = timelineSeries(
        { timeline: report.timeline, period },
        before?.report.timeline
          ? { timeline: before.report.timeline, knownFromMs: spanOf(store)?.firstMs ?? -Infinity }
          : null,
        nowMs,
        zone,
      );
      trend.show(series, {
        money,
        time,
        zone,
        running: period.until === null && period.since !== null,
        fileName,
      });
    }
    rates.show(report, { filters: view.filters, live, fileName });
    breakdown.show(report, { money, filters: view.filters, live, fileName });
    campaigns.show(report, { money, time, live, fileName, filtered: view.filters.get('campaign') });
    feed.show(events, { time, zone, live, fileName, money: moneyOf });
    announce(summary(answers, money), live);
  }

  function showEmptiness(answers: Answers, settings: Settings, store: Totals): void {
    const { question, view } = answers;
    const span = spanOf(store);
    if (!span) {
      showEmptyStore(settings.ingest_command);
      announce('The store is empty.', false);
      return;
    }
    if (view.filters.size > 0) {
      showNoMatch(actions.clearFilters);
      announce('No events match.', false);
      return;
    }
    const from = dateAt(span.firstMs, question.zone);
    const to = dateAt(span.lastMs, question.zone);
    showEmptyPeriod(`The store’s events are of ${dateSpan(from, to)}.`, () => {
      actions.chooseRange({ from, to });
    });
    announce('No events in this period.', false);
  }

  return {
    showView(view, choice, zone) {
      rangePicker.show(choice, zone);
      compare.checked = view.compare;
      compare.disabled = choice === 'all';
      showFilterChips(
        view.filters,
        (dimension) => {
          actions.filter(dimension, undefined);
        },
        actions.clearFilters,
      );
    },
    showRefusal() {
      setText(find('#period-title', HTMLElement), 'No figures');
      setText(find('#period-dates', HTMLElement), '');
      hideEverything();
    },
    show(answers, settings, store, live) {
      showHeading(answers, store);
      const { clicks, conversions, refunds } = answers.report.totals;
      if (clicks + conversions + refunds === 0) {
        showEmptiness(answers, settings, store);
        return;
      }
      hideEmpty();
      showFigures(answers, store, live);
    },
    redraw() {
      trend.redraw();
    },
  };
}

function spanOf(store: Totals): { firstMs: number; lastMs: number } | null {
  if (store.first_event_at === null || store.last_event_at === null) return null;
  return { firstMs: Date.parse(store.first_event_at), lastMs: Date.parse(store.last_event_at) };
}

function showOtherCurrencies(report: ReportBody, moneyOf: (currency: string) => MoneyFormat): void {
  const note = find('#other-currencies', HTMLElement);
  const others = report.other_currencies ?? [];
  note.hidden = others.length === 0;
  const sums = others.map(({ currency, revenue }) => moneyOf(currency).exact(revenue)).join(', ');
  setText(note, `Revenue is in ${report.currency} only; left out: ${sums}.`);
}

function fileNameOf({ question, nowMs }: Answers): string {
  const { period, zone } = question;
  const last = lastDateOf(period) ?? dateAt(nowMs, zone);
  return period.since === null ? `mapipe-until-${last}` : `mapipe-${period.since}-to-${last}`;
}

function summary({ report, choice }: Answers, money: MoneyFormat): string {
  const { clicks, conversions, revenue, conversion_rate: share } = report.totals;
  const period = typeof choice === 'string' ? '' : `${dateSpan(choice.from, choice.to)}: `;
  return `${period}${count(clicks)} clicks, ${count(conversions)} conversions, ${money.exact(revenue)} revenue, conversion rate ${rate(share)}.`;
}

/** Formats are slow to make and few. */
function remembered<Format extends MoneyFormat | TimeFormat>(
  make: (name: string) => Format,
): (name: string) => Format {
  const made = new Map<string, Format>();
  return (name) => {
    const known = made.get(name);
    if (known) return known;
    const format = make(name);
    made.set(name, format);
    return format;
  };
}
