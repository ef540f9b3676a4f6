/** The latest events, newest first; what has just come in is tinted for a moment. */
import { button, element, find, setText } from './dom.js';
import { downloadCsv } from './download.js';
import { dateAt } from './calendar.js';
import type { MoneyFormat, TimeFormat } from './format.js';
import { setName } from './name-cell.js';
import type { EventRow } from './report-body.js';
import { visible } from './visible-text.js';

export interface EventFeedContext {
  readonly time: TimeFormat;
  readonly zone: string;
  readonly live: boolean;
  readonly fileName: string;
  money(currency: string): MoneyFormat;
}

export interface EventFeed {
  show(events: readonly EventRow[], context: EventFeedContext): void;
}

/** Told apart by shape as well as by colour. */
const MARKS = new Map([
  ['click', '●'],
  ['conversion', '◆'],
  ['refund', '↩'],
]);

export function createEventFeed(): EventFeed {
  let shown: readonly EventRow[] = [];
  let known = new Set<string>();
  let fileName = '';
  const body = find('#events-body', HTMLElement);
  const note = find('#events-note', HTMLElement);
  find('#events-actions', HTMLElement).append(
    button('CSV', { class: 'button quiet', 'aria-label': 'Latest events as CSV' }, () => {
      const columns = [
        'timestamp',
        'type',
        'campaign_id',
        'user_id',
        'source',
        'medium',
        'ad_id',
        'term',
        'product',
        'amount',
        'currency',
      ] as const;
      downloadCsv(`${fileName}-latest-events`, {
        columns,
        rows: shown.map((event) => columns.map((column) => event[column])),
      });
    }),
  );

  return {
    show(events, context) {
      shown = events;
      fileName = context.fileName;
      const today = dateAt(Date.now(), context.zone);
      const keys = uniqueKeys(events);
      body.replaceChildren(
        ...events.map((event, index) => {
          const isNew = context.live && known.size > 0 && !known.has(keys[index] ?? '');
          return rowOf(event, context, today, isNew);
        }),
      );
      known = new Set(keys);
      setText(note, events.length === 0 ? 'No events in this period.' : '');
    },
  };
}

/** Events have no identity of their own here: the same one twice in a list is told apart by counting from the oldest. */
function uniqueKeys(events: readonly EventRow[]): string[] {
  const times = new Map<string, number>();
  return events
    .toReversed()
    .map((event) => {
      const key = JSON.stringify(event);
      const nth = (times.get(key) ?? 0) + 1;
      times.set(key, nth);
      return `${nth} ${key}`;
    })
    .toReversed();
}

function rowOf(
  event: EventRow,
  context: EventFeedContext,
  today: string,
  isNew: boolean,
): HTMLTableRowElement {
  const at = Date.parse(event.timestamp);
  const isToday = dateAt(at, context.zone) === today;
  const campaign = element('span', { class: 'event-campaign' });
  setName(campaign, 'campaign', event.campaign_id);
  const detail = element('span', { class: 'event-detail', 'data-word': visible(event.type) });
  if (event.type === 'click') setName(detail, 'source', event.source);
  else setName(detail, 'product', event.product);
  const money = event.amount === null ? '' : context.money(event.currency ?? '').exact(event.amount);
  return element(
    'tr',
    { class: isNew ? 'is-changed' : '', 'data-type': event.type },
    element(
      'td',
      { class: 'event-time' },
      element(
        'time',
        { datetime: event.timestamp, title: `${context.time.fullDay(at)}, ${context.time.second(at)}` },
        isToday ? context.time.second(at) : `${context.time.day(at)}, ${context.time.hour(at)}`,
      ),
    ),
    element(
      'td',
      { class: 'event-type' },
      element('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS.get(event.type) ?? '○'),
      element('span', { class: 'event-word' }, visible(event.type)),
    ),
    element('td', { class: 'event-what' }, campaign, detail),
    element('td', { class: 'number' }, event.type === 'refund' && money ? `−${money}` : money),
  );
}
