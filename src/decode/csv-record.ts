/** The adapter to csv-parse: one record's text becomes its cells, after RFC 4180. */
import { parse, type Parser } from 'csv-parse';

export type CsvRecord = { readonly cells: readonly string[] } | { readonly fault: string };

// csv-parse holds a record back until it has seen enough to know that it is over; blank lines, skipped, are enough.
const LOOKAHEAD = '\n'.repeat(8);

export class CsvRecordReader {
  readonly #delimiter: string;
  #parser: Parser | undefined;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** The cells of one whole record, which may hold line feeds within quotes. */
  read(record: string): CsvRecord {
    // Without a quote there is nothing to parse.
    if (!record.includes('"')) return { cells: record.split(this.#delimiter) };
    this.#parser ??= this.#createParser();
    this.#parser.write(record + LOOKAHEAD);
    // The parser gives one array of texts a record, or null.
    const cells = this.#parser.read() as string[] | null;
    if (cells) return { cells };
    // Its line is one of those that this parser has seen, not of the input.
    const fault = this.#parser.errored?.message.replace(/ at line \d+/, '') ?? 'a quote is not closed';
    this.#parser.destroy();
    this.#parser = undefined;
    return { fault };
  }

  #createParser(): Parser {
    const parser = parse({
      delimiter: this.#delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: true,
    });
    // The fault is read from `errored`; without a listener it would end the process.
    parser.on('error', () => undefined);
    return parser;
  }
}
