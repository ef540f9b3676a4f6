/** Writes the sample's events as JSON lines and as CSV. An amount keeps its decimal text in both. */

export function asJsonLines(records) {
  return records.map((record) => `${jsonLine(record)}\n`).join('');
}

function jsonLine(record) {
  const members = Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `"${name}":${name === 'amount' ? value : JSON.stringify(value)}`);
  return `{${members.join(',')}}`;
}

/** RFC 4180, with a header row and LF line ends; every field is a column. */
export function asCsv(records) {
  const columns = Object.keys(records[0]);
  const rows = records.map((record) => columns.map((column) => csvCell(record[column] ?? '')).join(','));
  return [columns.join(','), ...rows].map((row) => `${row}\n`).join('');
}

function csvCell(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
