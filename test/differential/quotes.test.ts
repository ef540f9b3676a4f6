/**
 * Cells of CSV in quotes. The kernel takes those that stand in quotes as a whole, and tells all others by where the quotes
 * stand among the 64 bytes that it looks at in one step: so every form of a cell goes through every place of a step.
 */
import { describe, expect, it, vi } from 'vitest';
import { LineReader } from '../../src/decode/line-reader.js';
import type { FormatName } from '../../src/decode/format.js';
import { eventAt } from '../../src/event/event-batch.js';
import { decodeByKernel, differenceOf, FROM_THE_TOP, wholeCase, type Case } from './decode-both.js';

const COLUMNS = ['note', 'type', 'timestamp', 'campaign_id', 'user_id', 'amount', 'currency', 'source'];
const CELLS = ['', 'conversion', '2026-06-01T12:00:00.000Z', 'spring', 'u1', '12.50', 'EUR', 'google'];
const STEP = 64;

/** RFC 4180 allows all but the last ten; what they are to be is for csv-parse to say. */
const FORMS = [
  '"x"',
  '""',
  '"a b"',
  '"a,b"',
  '"a\tb"',
  '"a""b"',
  '""""',
  '"""x"""',
  '"a\nb"',
  '"a\r\nb"',
  '"a\n\n"',
  '"é"',
  '"x\r"',
  '"\n"',
  '",\n,"',
  '"2026-06-02"',
  '"12.5"',
  '"',
  '"x',
  'x"',
  'a"b',
  'a"b"c',
  '"a"b',
  ' "a"',
  '"a" ',
  '"a"\r',
  '"a"\ry',
] as const;

function lineOf(cells: readonly string[], delimiter = ','): string {
  return cells.join(delimiter);
}

function quoted(cells: readonly string[]): string[] {
  return cells.map((cell) => `"${cell}"`);
}

function caseOf(lines: readonly string[], format: FormatName = 'csv', lineEnd = '\n'): Case {
  const firstLine = lineOf(COLUMNS, format === 'csv' ? ',' : '\t');
  const input = Buffer.from([firstLine, ...lines, ''].join(lineEnd));
  return wholeCase(format, input, { start: { ...FROM_THE_TOP, firstLine } });
}

/** As `CELLS`, but for one of them, and a note so long that the line begins as many bytes later. */
function withCell(column: number, cell: string, noteLength: number): string[] {
  return CELLS.map((usual, i) => (i === column ? cell : i === 0 ? 'n'.repeat(noteLength) : usual));
}

describe('cells in quotes', { timeout: 60_000 }, () => {
  it.each(FORMS)('%j is read as the reference reads it, wherever it stands', async (form) => {
    for (const column of [0, 1, 2, 3, 5, 7]) {
      for (const lineEnd of ['\n', '\r\n']) {
        const lines = Array.from({ length: STEP + 1 }, (_, i) => [
          lineOf(withCell(column, form, i)),
          lineOf(quoted(CELLS)),
        ]).flat();
        expect(
          await differenceOf(caseOf(lines, 'csv', lineEnd)),
          `column ${column}, ${JSON.stringify(lineEnd)}`,
        ).toBeNull();
      }
    }
  });

  it('are read as the reference reads them where all are quoted but one', async () => {
    for (const form of FORMS) {
      const lines = Array.from({ length: STEP + 1 }, (_, i) => [
        lineOf([`"${'n'.repeat(i)}"`, ...quoted(CELLS.slice(1, 3)), form, ...quoted(CELLS.slice(4))]),
        lineOf(quoted(CELLS)),
      ]).flat();
      expect(await differenceOf(caseOf(lines)), JSON.stringify(form)).toBeNull();
    }
  });

  it('are read as the reference reads them where lines are cut short or have more', async () => {
    const line = lineOf(quoted(CELLS));
    const lines = Array.from(line, (_, i) => [
      line.slice(0, i),
      line,
      line.slice(i),
      line,
      `${line},"x"`,
      line,
    ]).flat();
    expect(await differenceOf(caseOf(lines))).toBeNull();
    expect(await differenceOf(caseOf(lines, 'csv', '\r\n'))).toBeNull();
  });

  it('may hold delimiters and quotes, and be empty', () => {
    const cells = ['""', 'click', '2026-06-01T12:00:00Z', 'a,b', ',u""""', '', '', '""x,""'];
    for (const [format, delimiter] of [
      ['csv', ','],
      ['tsv', '\t'],
    ] as const) {
      const batches = decodeByKernel(caseOf([lineOf(quoted(cells), delimiter)], format));
      const batch = batches.find(({ events }) => events.length > 0);
      const event = batch && eventAt(batch.events, 0);
      expect(event).toMatchObject({ type: 'click', campaign_id: 'a,b', user_id: ',u""', source: '"x,"' });
      expect(event).not.toMatchObject({ currency: expect.anything() as unknown });
    }
  });

  it('are read as the reference reads them where they are read so often that there is no room for their texts', async () => {
    const text = '""'.repeat(500);
    // Whatever stands behind an amount that is none is read anew.
    const lines = Array.from({ length: 1_500 }, (_, i) => {
      const cells = withCell(3, `"${text}"`, 0).map((cell, j) => (j === 4 ? `"${text}${i}"` : cell));
      return lineOf(i % 2 === 0 ? cells.map((cell, j) => (j === 5 ? 'much' : cell)) : cells);
    });
    expect(await differenceOf(caseOf(lines))).toBeNull();
  });

  it.each(['\n', '\r\n'])('keep no line from being the kernel’s own (ended by %j)', (lineEnd) => {
    const reads = vi.spyOn(LineReader.prototype, 'read');
    const lines = Array.from({ length: 2_000 }, (_, i) =>
      lineOf(
        i % 3 === 0
          ? quoted(withCell(4, `u${i}`, i % 70))
          : withCell(3, i % 3 === 1 ? `"a,${i % 9}"` : `"a ""b"" ${i % 9}"`, i % 70),
      ),
    );
    const batches = decodeByKernel(caseOf(lines, 'csv', lineEnd));
    // The header alone is the reference's.
    expect(reads).toHaveBeenCalledTimes(1);
    expect(batches.reduce((sum, { events }) => sum + events.length, 0)).toBe(2_000);
    reads.mockRestore();
  });
});
