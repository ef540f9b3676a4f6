/** One event as a line of each format, as a careful program would write it; null where the format cannot say it. */

export const FORMATS = ['ndjson', 'csv', 'tsv', 'logfmt', 'text', 'common', 'combined'];
export const COLUMNS = ['type', 'timestamp', 'campaign_id', 'user_id', 'amount'];

const USUAL_TIME = '2026-06-01T12:00:00Z';
const USUAL_ACCESS_TIME = '01/Jun/2026:12:00:00 +0000';

/**
 * `campaign`, `amount` (then it is a conversion) and `time` as texts. Access logs write their own times, under
 * `accessTime`; their conversions are requests for /buy, which is to be a goal.
 */
export function lineOf(format, { campaign = 'c', amount, time, accessTime }) {
  const isSale = amount !== undefined;
  const cells = [isSale ? 'conversion' : 'click', time ?? USUAL_TIME, campaign, 'u', amount ?? ''];
  switch (format) {
    case 'ndjson':
      return JSON.stringify(Object.fromEntries(COLUMNS.map((name, i) => [name, cells[i]])));
    case 'text':
      return `2026-06-01 12:00:00 INFO tracked ${lineOf('ndjson', { campaign, amount, time })}`;
    case 'csv':
    case 'tsv':
      if (!campaign.isWellFormed()) return null;
      return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiterOf(format));
    case 'logfmt':
      if (!campaign.isWellFormed()) return null;
      return COLUMNS.map((name, i) => `${name}="${cells[i].replace(/["\\]/g, '\\$&')}"`).join(' ');
    default: {
      if (!campaign.isWellFormed() || (time !== undefined && accessTime === undefined)) return null;
      const query = `utm_campaign=${encodeURIComponent(campaign)}${isSale ? `&amount=${encodeURIComponent(amount)}` : ''}`;
      const line = `192.0.2.1 - - [${accessTime ?? USUAL_ACCESS_TIME}] "GET ${isSale ? '/buy' : '/'}?${query} HTTP/1.1" 200 1`;
      return format === 'common' ? line : `${line} "-" "Mozilla/5.0 (X11; Linux x86_64)"`;
    }
  }
}

/** What stands at the top of a file: the header of those formats that have one. */
export function topOf(format) {
  return format === 'csv' || format === 'tsv' ? `${COLUMNS.join(delimiterOf(format))}\n` : '';
}

function delimiterOf(format) {
  return format === 'csv' ? ',' : '\t';
}
