/** What a format has to give: how to recognise it, and how to decode one line of it. */
import type { FieldName } from '../event/raw-event.js';
import type { Goal } from './goal.js';
import type { LineOutcome } from './outcome.js';
import type { EventRules } from './validate-event.js';

export const FORMAT_NAMES = ['ndjson', 'combined', 'common', 'csv', 'tsv', 'logfmt', 'text'] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

export interface DecodeOptions extends EventRules {
  /** Where the user says a field stands (`--map field=path`); goes before every name mapipe knows. */
  readonly fieldPaths: ReadonlyMap<FieldName, string>;
  /** Requests that are conversions (access logs). */
  readonly goals: readonly Goal[];
  /** Count requests by known bots too. */
  readonly includeBots: boolean;
}

export interface LineDecoder {
  /** What a line means; `line` is without its end, and not blank. */
  decodeLine(line: string): LineOutcome;
}

export interface Format {
  readonly name: FormatName;
  /** For the help text. */
  readonly description: string;
  /** How many of an input's first lines look like this format; the format with most of them is taken. */
  countRecognised(lines: readonly string[]): number;
  /** `firstLine` is the input's first line that is not blank: a header row, where the format has one. */
  createDecoder(options: DecodeOptions, firstLine: string): LineDecoder;
  /** Whether a record is still open after this line, as within a quoted CSV field. Absent: a line is a record. */
  readonly leavesOpen?: (line: string, wasOpen: boolean) => boolean;
  /** Whether each of these whole lines is surely a record, in a format in which one may leave a record open. */
  readonly areRecords?: (lines: Uint8Array) => boolean;
}
