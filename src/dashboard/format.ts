/** Figures as people read them. English throughout, like the page; times in the report's zone. */

export const NOTHING = '–';
const LOCALE = 'en-US';
const MINUS = '\u2212';

const counts = new Intl.NumberFormat(LOCALE);
const compactCounts = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(LOCALE, {
  style: 'percent',
  maximumFractionDigits: 2,
  minimumFractionDigits: 2,
});
const roughPercents = new Intl.NumberFormat(LOCALE, {
  style: 'percent',
  maximumFractionDigits: 1,
  minimumFractionDigits: 1,
});
const wholePercents = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 });

export function count(value: number): string {
  return signed(counts.format(value));
}

export function compactCount(value: number): string {
  return signed(compactCounts.format(value));
}

/** `8.49%` */
export function rate(value: number | null): string {
  return value === null ? NOTHING : signed(percents.format(value));
}

/** `12.4%`, without decimals from 100 % on. */
export function changeShare(share: number): string {
  const size = Math.abs(share);
  return size >= 9.995
    ? `${factorText(1 + share)}×`
    : (size >= 0.995 ? wholePercents : roughPercents).format(size);
}

/** Of the whole: `55%`, `<1%`. */
export function shareOfWhole(share: number): string {
  return share > 0 && share < 0.005 ? '<1%' : wholePercents.format(share);
}

function factorText(factor: number): string {
  return compactCounts.format(Math.round(factor));
}

export interface MoneyFormat {
  exact(amount: number | null): string;
  /** For axes: `$1.2K`. */
  compact(amount: number): string;
  /** For large type: cents give way where the number is long. */
  headline(amount: number): string;
}

const HEADLINE_LENGTH = 11;
const WHOLE_LENGTH = 13;

/** With the currency's own decimals; a code that is none leaves the bare number rather than failing. */
export function moneyFormat(currency: string): MoneyFormat {
  const options: Intl.NumberFormatOptions = /^[A-Z]{3}$/.test(currency)
    ? { style: 'currency', currency }
    : {};
  const format = (extra: Intl.NumberFormatOptions): Intl.NumberFormat =>
    new Intl.NumberFormat(LOCALE, { ...options, ...extra });
  const exact = format({});
  const whole = format({ maximumFractionDigits: 0, minimumFractionDigits: 0 });
  const compact = format({ notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 });
  const headlineCompact = format({ notation: 'compact', maximumFractionDigits: 2 });
  return {
    exact: (amount) => (amount === null ? NOTHING : signed(exact.format(amount))),
    compact: (amount) => signed(compact.format(amount)),
    headline(amount) {
      const text = signed(exact.format(amount));
      if (text.length <= HEADLINE_LENGTH) return text;
      const rounded = signed(whole.format(amount));
      return rounded.length <= WHOLE_LENGTH ? rounded : signed(headlineCompact.format(amount));
    },
  };
}

/** A true minus is as wide as a plus and doesn't break from its number. */
function signed(text: string): string {
  return text.replace('-', MINUS);
}

export interface TimeFormat {
  /** `Jun 1` */
  day(momentMs: number): string;
  /** `Mon, Jun 1` */
  weekday(momentMs: number): string;
  /** `Jun 1, 2026` */
  fullDay(momentMs: number): string;
  /** `14:05` */
  hour(momentMs: number): string;
  /** `14:05:09` */
  second(momentMs: number): string;
}

export function timeFormat(zone: string): TimeFormat {
  const format = (options: Intl.DateTimeFormatOptions): ((momentMs: number) => string) => {
    const made = new Intl.DateTimeFormat(LOCALE, { timeZone: zone, hourCycle: 'h23', ...options });
    return (momentMs) => made.format(momentMs);
  };
  return {
    day: format({ month: 'short', day: 'numeric' }),
    weekday: format({ weekday: 'short', month: 'short', day: 'numeric' }),
    fullDay: format({ month: 'short', day: 'numeric', year: 'numeric' }),
    hour: format({ hour: '2-digit', minute: '2-digit' }),
    second: format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
  };
}

const dateFormat = new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', month: 'short', day: 'numeric' });
const dateYearFormat = new Intl.DateTimeFormat(LOCALE, {
  timeZone: 'UTC',
  month: 'short',
  day: 'numeric',
  year: 'numeric',
});

/** `Jun 1` */
export function shortDate(date: string): string {
  return dateFormat.format(Date.parse(`${date}T00:00:00Z`));
}

/** `Jun 1 – Jun 14, 2026`, `Dec 28, 2025 – Jan 3, 2026`, `Jun 1, 2026`. */
export function dateSpan(first: string, last: string): string {
  const from = Date.parse(`${first}T00:00:00Z`);
  const to = Date.parse(`${last}T00:00:00Z`);
  if (first === last) return dateYearFormat.format(to);
  const sameYear = first.slice(0, 4) === last.slice(0, 4);
  return `${(sameYear ? dateFormat : dateYearFormat).format(from)} – ${dateYearFormat.format(to)}`;
}

/** How long ago, in one unit: `3 s`, `5 min`, `2 h`, `4 days`. */
export function age(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
