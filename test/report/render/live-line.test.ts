import { describe, expect, it } from 'vitest';
import { liveLine, type LineFigures } from '../../../src/report/render/live-line.js';

const NOW = new Date('2026-11-26T03:40:10.987Z');
const ACCOUNT = { lines: 12_345, accepted: 12_300, duplicates: 0, ignored: 40, rejected: 5 };

function lineOf(part: Partial<LineFigures>, perSecond: number | null = 56.4): string {
  return liveLine({ account: ACCOUNT, bytesRead: 2_000_000, lag: null, ...part }, perSecond, NOW);
}

describe('a line about a run that goes on', () => {
  it('has the moment, the account and the rate', () => {
    expect(lineOf({})).toBe(
      '2026-11-26T03:40:10Z 12,345 lines: 12,300 accepted, 0 duplicates, 40 ignored, 5 rejected; 56 events/s',
    );
  });

  it('says how far behind a follower is, and what it waits for', () => {
    expect(lineOf({ lag: { files: 2, waitingFor: [], bytes: 0 } })).toMatch(/; 56 events\/s; 0 B behind$/);
    const waitingFor = ['a.log', 'b\n\u001b]0;x\u0007.log', 'c.log', 'd.log', 'e.log'];
    expect(lineOf({ lag: { files: 0, waitingFor, bytes: 1_500 } })).toMatch(
      /; 1\.5 kB behind; waiting for a\.log, b\\x0a\\x1b\]0;x\\x07\.log, c\.log and 2 more$/,
    );
  });

  it('says how much was read where nothing is known of lines yet', () => {
    const account = { lines: 0, accepted: 0, duplicates: 0, ignored: 0, rejected: 0 };
    expect(lineOf({ account }, 0)).toMatch(/ 0 lines: 0 accepted, .*; 0 events\/s; 2\.0 MB read$/);
  });
});
