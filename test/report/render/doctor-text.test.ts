import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/doctor/diagnosis.js';
import { PLAIN_STYLE } from '../../../src/report/render/plain-style.js';
import { renderDiagnosis } from '../../../src/report/render/doctor-text.js';
import { textWidth } from '../../../src/report/render/text-width.js';
import { micros } from '../../support/events.js';

const DAMAGED: Diagnosis = {
  verdict: 'damaged',
  location: '/data/\u001b]0;x\u0007.duckdb',
  problems: [
    { code: 'text_missing', message: `${'many words '.repeat(20)}\u202eend`, hint: 'restore \u009b it' },
  ],
  warnings: [{ code: 'log_cut', message: 'the log is cut', hint: 'run it again' }],
  store: {
    engine: 'DuckDB v1.5.6',
    schemaVersion: 1,
    currentSchemaVersion: 2,
    sizeBytes: 1_600_000,
    logBytes: 4_000,
    freeBytes: null,
    findings: [],
    contents: {
      events: new Map([
        ['click', 1],
        ['conversion', 0],
        ['refund', 2],
      ]),
      firstEventMicros: micros('2026-06-01T00:00:00Z'),
      lastEventMicros: micros('2026-06-02T00:00:00Z'),
      campaigns: 1,
      users: 2_000,
      texts: 7,
      currencies: ['EUR', 'USD'],
    },
    checkpoints: [],
  },
  inputs: [
    {
      name: `/logs/${'long-'.repeat(20)}\u001b[31m.log`,
      source: null,
      readLines: 5_000_000,
      readBytes: 786_130_135,
      state: 'unread',
      fileBytes: 786_130_140,
      unreadBytes: 5,
    },
  ],
};

describe('a diagnosis on a terminal', () => {
  it('says the verdict first, then what is wrong and what to do, what there is, and the inputs', () => {
    const text = renderDiagnosis(DAMAGED, { style: PLAIN_STYLE, timeZone: 'Europe/Berlin' });
    const lines = text.split('\n');
    expect(lines.slice(0, 2)).toEqual([
      '1 problem, 1 warning',
      '/data/\\x1b]0;x\\x07.duckdb · DuckDB v1.5.6 · schema 1, 2 from the next commit on · 1.6 MB · log 4.0 kB',
    ]);
    expect(text).toContain('\n\nproblem text_missing\n  many words many');
    expect(text).toContain(
      '\\u202eend.\n  → restore \\x9b it\nwarning log_cut\n  the log is cut.\n  → run it again\n\n',
    );
    expect(text).toContain(
      '3 events\n1 click · 2 refunds\n2026-06-01 02:00 to 2026-06-02 02:00 · Europe/Berlin\n1 campaign · 2,000 users · 7 texts · EUR USD\n',
    );
    expect(lines.at(-2)).toMatch(/-\\x1b\[31m\.log {2}5,000,000 {2}786 MB {5}5 B {2}unread$/);
  });

  it.each([40, 80, 200])('fits into %i columns, and says how far an input is read', (width) => {
    const text = renderDiagnosis(DAMAGED, { style: PLAIN_STYLE, timeZone: 'UTC', width });
    for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
    expect(text).toMatch(/unread\n$/);
    // Nothing that a terminal would obey.
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  });
});
