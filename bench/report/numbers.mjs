/** Numbers as the reports show them. A megabyte is 1,000,000 bytes, of files as of memory. */

export function countText(value) {
  return Math.round(value).toLocaleString('en');
}

export function bytesText(bytes) {
  return bytes < 10e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${countText(bytes / 1e6)} MB`;
}

/** Three figures, in milliseconds below a second. */
export function durationText(seconds) {
  if (seconds < 1) return `${(seconds * 1000).toFixed(0)} ms`;
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** The fastest and the slowest: how quiet the machine was. */
export function rangeText(seconds) {
  const [least, most] = [Math.min(...seconds), Math.max(...seconds)].map(durationText);
  const [value, unit] = least.split(' ');
  return most.endsWith(` ${unit}`) ? `${value} – ${most}` : `${least} – ${most}`;
}

export function timesText(ratio) {
  return `${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`;
}

export function percentText(share) {
  return `${(share * 100).toFixed(0)} %`;
}
