/** The inputs that a store knows, as CSV and as a Markdown table. */
import type { Diagnosis } from '../../doctor/diagnosis.js';
import { csvRecord } from './csv.js';
import { escapeMarkdown } from './markdown.js';
import { NO_VALUE, formatCount } from './number-format.js';

/** A header of the JSON names, then a record an input. */
export function inputsCsv({ inputs }: Diagnosis): string {
  const header = ['input', 'source', 'state', 'lines', 'bytes', 'file_bytes', 'unread_bytes'];
  const records = inputs.map(({ name, source, state, readLines, readBytes, fileBytes, unreadBytes }) => [
    ...[name, source, state],
    ...[readLines, readBytes, fileBytes, unreadBytes],
  ]);
  return [header, ...records].map(csvRecord).join('');
}

export function inputsMarkdown({ inputs }: Diagnosis): string {
  const count = (value: number | null): string => (value === null ? NO_VALUE : formatCount(value));
  const lines = [
    ['Input', 'State', 'Lines read', 'Bytes read', 'Bytes unread'],
    ['---', '---', '---:', '---:', '---:'],
    ...inputs.map(({ name, source, state, readLines, readBytes, unreadBytes }) => [
      escapeMarkdown(source === null ? name : `${name} (${source})`),
      state,
      ...[readLines, readBytes, unreadBytes].map(count),
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
