/** The table of formats: a new one is a file in formats/, its name in format.ts and a line here. */
import type { Format, FormatName } from './format.js';
import { combined, common } from './formats/access-log.js';
import { csv, tsv } from './formats/csv.js';
import { logfmt } from './formats/logfmt.js';
import { ndjson } from './formats/ndjson.js';
import { text } from './formats/text.js';

/** In the order in which equals are preferred when a format is told from an input's first lines. */
export const FORMATS: readonly Format[] = [ndjson, combined, common, csv, tsv, logfmt, text];

export function formatNamed(name: FormatName): Format {
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (!format) throw new Error(`no format is called ${name}`);
  return format;
}
