/** Counts, rates, sizes and durations as people read them. */

export const NO_VALUE = '–';

/** `1234567` → `1,234,567`. */
export function formatCount(count: number): string {
  // Not Intl.NumberFormat, which would take most of the time of a long table.
  return groupThousands(BigInt(Math.round(count)).toString());
}

/** `1 click`, `1,234 clicks`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A count of users, marked where it was estimated by a sketch: `≈1,234`. */
export function formatUsers(count: number, exact: boolean): string {
  return `${exact ? '' : '≈'}${formatCount(count)}`;
}

/** A share such as a conversion rate: `0.05231` → `5.23%`. */
export function formatPercent(rate: number | null, decimals = 2): string {
  if (rate === null) return NO_VALUE;
  return `${groupThousands((rate * 100).toFixed(decimals))}%`;
}

/** Events a second: `0.4`, `12`, `1,234`; whole from ten on, as the rest changes all the time. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return NO_VALUE;
  if (perSecond >= 9.95) return formatCount(perSecond);
  if (perSecond > 0 && perSecond < 0.05) return '<0.1';
  return perSecond === 0 ? '0' : perSecond.toFixed(1);
}

const COMPACT_SUFFIXES = ['', 'K', 'M', 'B', 'T'];

/** A number in little space, for axes: `1234567` → `1.2M`. */
export function formatCompact(value: number, maxDecimals = 1): string {
  const magnitude = Math.abs(value);
  let tier = 0;
  let scaled = shorten(magnitude, magnitude < 1 ? Math.max(2, maxDecimals) : maxDecimals);
  // Rounding can reach the next tier: 999,999 is 1M, not 1000K.
  while (Number(scaled) >= 1000 && tier < COMPACT_SUFFIXES.length - 1) {
    tier += 1;
    scaled = shorten(magnitude / 1000 ** tier, maxDecimals);
  }
  const sign = value < 0 && Number(scaled) !== 0 ? '-' : '';
  if (Number(scaled) >= 1000) return `${sign}${magnitude.toExponential(1).replace('e+', 'e')}`;
  return `${sign}${scaled}${COMPACT_SUFFIXES[tier] ?? ''}`;
}

function shorten(value: number, maxDecimals: number): string {
  return value.toFixed(maxDecimals).replace(/\.0+$|(\.\d*?)0+$/, '$1');
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `774_000_000` → `774 MB`; one decimal below ten of a unit. */
export function formatBytes(bytes: number): string {
  let tier = 0;
  let scaled = bytes;
  while (scaled >= 999.5 && tier < BYTE_UNITS.length - 1) {
    scaled /= 1000;
    tier += 1;
  }
  const text = tier === 0 || scaled >= 9.95 ? scaled.toFixed(0) : scaled.toFixed(1);
  return `${text} ${BYTE_UNITS[tier] ?? ''}`;
}

/** `850` → `850 ms`, `12_340` → `12.3 s`, `125_000` → `2 min 5 s`, `7_500_000` → `2 h 5 min`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 999.5) return `${durationMs.toFixed(0)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${formatCount(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** Puts a comma before each group of three digits of a plain decimal. */
export function groupThousands(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
