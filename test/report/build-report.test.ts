import { describe, expect, it } from 'vitest';
import { buildReport, type ReportRequest } from '../../src/report/build-report.js';
import { NO_METRICS } from '../../src/report/metrics.js';
import type { Dimension, GroupRow } from '../../src/report/report.js';
import type { ReportQuestion } from '../../src/store/report-question.js';
import type { Store } from '../../src/store/store.js';
import { EVERYTHING } from '../support/questions.js';

const ASKED: ReportRequest = {
  ...EVERYTHING,
  by: [],
  sort: null,
  limit: null,
  timeline: false,
  charts: false,
};

/** Rows named a, b, c with 1, 2 and 3 clicks, in hours from the first event on. */
function rows(...keys: readonly string[]): GroupRow[] {
  return keys.map((key) => {
    const clicks = 'abc'.indexOf(key) + 1;
    return { ...NO_METRICS, key, clicks, firstEventMicros: BigInt(clicks) };
  });
}

/** A store whose every breakdown has the rows b, a and c, and which is asked for nothing else; it tells what it is asked. */
function storeOfThreeRows(listen: (question: ReportQuestion) => void = () => undefined): Store {
  const unasked = () => Promise.reject(new Error('a report asks for nothing else'));
  return {
    location: 'memory',
    readCheckpoints: unasked,
    commit: unasked,
    latestEvents: unasked,
    revision: unasked,
    examine: unasked,
    close: unasked,
    report: (question) => {
      listen(question);
      return Promise.resolve({
        currency: 'USD',
        otherCurrencies: [],
        exactUsers: true,
        totals: NO_METRICS,
        campaigns: rows('b', 'a', 'c'),
        trends: new Map(),
        breakdowns: new Map(question.breakdowns.map((dimension) => [dimension, rows('b', 'a', 'c')])),
        timeline: { interval: 'day', points: [] },
        knownCampaigns: null,
      });
    },
  };
}

async function breakdowns(request: Partial<ReportRequest>): Promise<[Dimension, string][]> {
  const report = await buildReport(storeOfThreeRows(), { ...ASKED, ...request });
  return [...report.breakdowns].map(([dimension, found]) => [
    dimension,
    found.map(({ key }) => key).join(''),
  ]);
}

describe('the breakdowns of a report', () => {
  it('are those asked for, in that order; with a campaign after the four that it always has', async () => {
    expect(await breakdowns({ by: ['term', 'source'] })).toEqual([
      ['term', 'cba'],
      ['source', 'cba'],
    ]);
    const ofCampaign = await breakdowns({ campaignId: 'x', by: ['term', 'product'] });
    expect(ofCampaign.map(([dimension]) => dimension)).toEqual([
      'source',
      'medium',
      'ad_id',
      'product',
      'term',
    ]);
  });

  it('are sorted and cut where they were asked for, all of them', async () => {
    const sort = { key: 'clicks', ascending: true } as const;
    expect(await breakdowns({ by: ['source', 'day', 'term'], sort, limit: 2 })).toEqual([
      ['source', 'ab'],
      ['day', 'ab'],
      ['term', 'ab'],
    ]);
    expect(await breakdowns({ campaignId: 'x', by: ['source'], sort, limit: 1 })).toEqual([
      ['source', 'a'],
      ['medium', 'cba'],
      ['ad_id', 'cba'],
      ['product', 'cba'],
    ]);
  });

  it('of time stay in the order of time unless another is asked for', async () => {
    expect(await breakdowns({ by: ['source', 'day'], limit: 2 })).toEqual([
      ['source', 'cb'],
      ['day', 'ab'],
    ]);
  });
});

describe('the campaigns of a report', () => {
  it('are sorted and cut where no other rows were asked for', async () => {
    const campaignsOf = async (request: Partial<ReportRequest>) =>
      (await buildReport(storeOfThreeRows(), { ...ASKED, ...request })).campaigns.map(
        ({ campaignId }) => campaignId,
      );
    expect(await campaignsOf({ limit: 2 })).toEqual(['c', 'b']);
    expect(await campaignsOf({ limit: 2, by: ['source'] })).toEqual(['c', 'b', 'a']);
    expect(await campaignsOf({ limit: 2, by: ['source', 'campaign'] })).toEqual(['c', 'b']);
  });
});

describe('a report', () => {
  it('is asked of the store with all that was asked, and says what was', async () => {
    const asked: ReportQuestion[] = [];
    const store = storeOfThreeRows((question) => asked.push(question));
    const where = new Map([['source', null]] as const);
    const report = await buildReport(store, { ...ASKED, where, timeline: true });
    expect(asked).toMatchObject([{ where, breakdowns: [] }]);
    expect(report).toMatchObject({ filters: { where, campaignId: null }, timelineAsked: true });
  });
});
