/** The lines beneath a report's table: what its figures leave out, and what an empty report can be filled with. */
import type { OtherCurrency, Report } from '../report.js';
import { formatMoneyWithCode } from './money-format.js';
import { plural } from './number-format.js';
import { filterPeriod, filterTexts } from './report-heading.js';
import { visible } from './visible.js';

/** `Not included: 12 conversions, 1,180.00 EUR (see --currency EUR)`, one line per other currency. */
export function otherCurrencyNotes(report: Report): string[] {
  return report.otherCurrencies.map((other) => {
    const currency = visible(other.currency);
    return `Not included: ${counts(other)}, ${formatMoneyWithCode(other.revenueMicros, other.currency)} (see --currency ${currency})`;
  });
}

function counts({ conversions, refunds }: OtherCurrency): string {
  return [
    ...(conversions > 0 || refunds === 0 ? [plural(conversions, 'conversion')] : []),
    ...(refunds > 0 ? [plural(refunds, 'refund')] : []),
  ].join(', ');
}

export function isEmptyReport({ totals }: Report): boolean {
  return totals.clicks === 0 && totals.conversions === 0 && totals.refunds === 0;
}

/** One sentence on why there is nothing to see and what to run. */
export function emptyReportSentence({ filters }: Report): string {
  const asked = filterPeriod(filters);
  const campaign = filters.campaignId === null ? '' : ` of campaign ${visible(filters.campaignId)}`;
  const narrowed = filterTexts(filters);
  if (narrowed.length > 0) {
    const period = asked === '' ? '' : ` ${asked} (${visible(filters.timeZone)})`;
    return `No events${campaign} with ${narrowed.join(' and ')}${period}: ask for something else, or run: mapipe ingest <files>`;
  }
  if (asked !== '') {
    return `No events${campaign} ${asked} (${visible(filters.timeZone)}): ask for a longer period, or run: mapipe ingest <files>`;
  }
  return `No events${campaign} yet. Fill the store with: mapipe ingest <files>`;
}
