/** One view's questions, asked together: the report, the period before, the latest events. */
import type { ApiClient } from './api-client.js';
import { dateAt } from './calendar.js';
import {
  closedTonight,
  lastDateOf,
  periodBefore,
  periodOf,
  type Period,
  type RangeChoice,
} from './date-range.js';
import { analyticsPath, eventsPath, type Question } from './question.js';
import {
  readEvents,
  readReport,
  type EventRow,
  type ReportBody,
  type Settings,
  type Totals,
} from './report-body.js';
import type { ViewState } from './url-state.js';

export interface Answers {
  readonly view: ViewState;
  readonly choice: RangeChoice;
  /** What the view is of; the question puts an end to it. */
  readonly period: Period;
  readonly question: Question;
  readonly report: ReportBody;
  readonly before: { readonly period: Period; readonly report: ReportBody } | null;
  readonly events: readonly EventRow[];
  readonly nowMs: number;
}

const LATEST_EVENTS = 20;

export async function askAll(
  api: ApiClient,
  asked: {
    readonly view: ViewState;
    readonly choice: RangeChoice;
    readonly settings: Settings;
    readonly store: Totals;
  },
  signal: AbortSignal,
): Promise<Answers> {
  const { view, choice, settings, store } = asked;
  const nowMs = Date.now();
  const zone = settings.time_zone;
  const period = periodOf(choice, nowMs, zone);
  const candidate = view.compare ? periodBefore(period, nowMs, zone) : null;
  // "Up from 0" would be said of a time that the store knows nothing about.
  const earlier = candidate && reaches(candidate, store, zone) ? candidate : null;
  const question: Question = { period: closedTonight(period, nowMs, zone), filters: view.filters, zone };
  const [report, before, events] = await Promise.all([
    api.get(analyticsPath(question), signal).then(readReport),
    earlier && api.get(analyticsPath({ ...question, period: earlier }), signal).then(readReport),
    api.get(eventsPath(question, LATEST_EVENTS), signal).then(readEvents),
  ]);
  return {
    view,
    choice,
    period,
    question,
    report,
    before: earlier && before && { period: earlier, report: before },
    events: events.events,
    nowMs,
  };
}

/** Whether the store has events from a period or from before it. */
function reaches(period: Period, { first_event_at: first }: Totals, zone: string): boolean {
  const last = lastDateOf(period);
  return first !== null && (last === null || dateAt(Date.parse(first), zone) <= last);
}

/** Totals of the whole store: whether it holds anything, and from when to when. */
export async function askStoreTotals(api: ApiClient, signal: AbortSignal): Promise<Totals> {
  return readReport(await api.get('/api/analytics?limit=1', signal)).totals;
}
