/** CSV and TSV with a header row that names the fields. */
import type { DecodeOptions, Format, FormatName, LineDecoder } from '../format.js';
import { CsvRecordReader } from '../csv-record.js';
import { FieldMapper, isKnownName, type FieldSource } from '../field-mapper.js';
import { ignore, reject, type LineOutcome } from '../outcome.js';
import { validateEvent } from '../validate-event.js';

export const csv = delimited('csv', ',', 'comma-separated values with a header row');
export const tsv = delimited('tsv', '\t', 'tab-separated values with a header row');

function delimited(name: FormatName, delimiter: string, description: string): Format {
  return {
    name,
    description,
    countRecognised: (lines) => {
      const columns = headerOf(lines[0] ?? '', delimiter);
      return columns.filter(isKnownName).length >= 2 ? lines.length : 0;
    },
    createDecoder: (options, firstLine) => new CsvDecoder(options, delimiter, firstLine),
    // A record is whole when its quotes are. A JSON object among the rows has quotes of its own.
    leavesOpen: (line, wasOpen) =>
      !wasOpen && line.startsWith('{') ? false : wasOpen !== (countQuotes(line) % 2 === 1),
    areRecords: ({ buffer, byteOffset, length }) => !Buffer.from(buffer, byteOffset, length).includes('"'),
  };
}

class CsvDecoder implements LineDecoder {
  readonly #options: DecodeOptions;
  readonly #mapper: FieldMapper;
  readonly #reader: CsvRecordReader;
  readonly #headerLine: string;
  readonly #columns: readonly string[];
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(options: DecodeOptions, delimiter: string, headerLine: string) {
    this.#options = options;
    this.#mapper = new FieldMapper(options.fieldPaths);
    this.#reader = new CsvRecordReader(delimiter);
    this.#headerLine = headerLine;
    this.#columns = headerOf(headerLine, delimiter);
    this.#indexes = new Map(this.#columns.map((name, index) => [name, index]));
  }

  decodeLine(line: string): LineOutcome {
    // The header row, at the top or again where files were joined end to end.
    if (line === this.#headerLine) return ignore('header');
    const record = this.#reader.read(line);
    if ('fault' in record) return reject('invalid_csv', record.fault);
    const { cells } = record;
    if (cells.length !== this.#columns.length) {
      return reject('invalid_csv', `${cells.length} cells under ${this.#columns.length} column names`);
    }
    const source: FieldSource = {
      names: () => this.#columns,
      valueOf: (name) => cells[this.#indexes.get(name) ?? -1],
    };
    const mapped = this.#mapper.map(source);
    return 'raw' in mapped
      ? validateEvent(mapped.raw, this.#options)
      : reject('invalid_field', mapped.invalidField);
  }
}

/** The names of a header row's columns; none where it is no whole row. */
export function headerOf(line: string, delimiter: string): string[] {
  const record = new CsvRecordReader(delimiter).read(line);
  return 'cells' in record ? record.cells.map((name) => name.trim()) : [];
}

function countQuotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
}
