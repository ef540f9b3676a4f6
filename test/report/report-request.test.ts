import { describe, expect, it } from 'vitest';
import { parseReportRequest, type QuestionTexts } from '../../src/report/report-request.js';
import type { FilterField } from '../../src/report/report.js';
import { micros } from '../support/events.js';

const NOTHING: QuestionTexts = {
  since: null,
  until: null,
  campaignId: null,
  where: new Map(),
  by: null,
  sort: null,
  limit: null,
  currency: null,
  exact: false,
  timeline: false,
};
const NOW = '2026-06-10T09:30:00Z';

function parse(texts: Partial<QuestionTexts>, timeZone = 'UTC') {
  return parseReportRequest(
    { ...NOTHING, ...texts },
    { timeZone, defaultCurrency: 'EUR', nowMicros: micros(NOW), nameOf: (field) => `<${field}>` },
  );
}

function filters(...entries: [FilterField, string][]) {
  return parse({ where: new Map(entries) }).where;
}

describe('a report request', () => {
  it('asks for everything where nothing is said', () => {
    expect(parse({})).toEqual({
      sinceMicros: null,
      untilMicros: null,
      timeZone: 'UTC',
      campaignId: null,
      where: new Map(),
      currency: null,
      defaultCurrency: 'EUR',
      by: [],
      sort: null,
      limit: null,
      exactUsers: false,
      timeline: false,
      charts: false,
    });
  });

  it('takes what is said', () => {
    const texts = { limit: '5', currency: 'gbp', exact: true, timeline: true, sort: 'clicks:asc' };
    expect(parse(texts)).toMatchObject({
      limit: 5,
      currency: 'GBP',
      exactUsers: true,
      timeline: true,
      sort: { key: 'clicks', ascending: true },
    });
  });

  it.each([
    ['2026-06-01', 'UTC', '2026-06-01T00:00:00Z'],
    ['2026-06-01', 'Europe/Berlin', '2026-05-31T22:00:00Z'],
    ['2026-06-01T14:00:00+02:00', 'UTC', '2026-06-01T12:00:00Z'],
    ['2026-06-01 14:00:00', 'Europe/Berlin', '2026-06-01T12:00:00Z'],
    ['7d', 'UTC', '2026-06-03T09:30:00Z'],
    ['24h', 'UTC', '2026-06-09T09:30:00Z'],
    ['30m', 'UTC', '2026-06-10T09:00:00Z'],
    ['2w', 'UTC', '2026-05-27T09:30:00Z'],
    ['now', 'UTC', NOW],
    ['today', 'UTC', '2026-06-10T00:00:00Z'],
    ['today', 'Pacific/Auckland', '2026-06-09T12:00:00Z'],
    ['yesterday', 'America/New_York', '2026-06-09T04:00:00Z'],
  ])('takes %s in %s as %s', (since, timeZone, moment) => {
    expect(parse({ since }, timeZone).sinceMicros).toBe(micros(moment));
  });

  it('takes dimensions in the order asked for, each once', () => {
    expect(parse({ by: 'source' }).by).toEqual(['source']);
    expect(parse({ by: 'product, day,source,product' }).by).toEqual(['product', 'day', 'source']);
  });

  it('writes names as the store does: channels in lower case, all composed', () => {
    const decomposed = 'Ete\u0301';
    expect(parse({ campaignId: decomposed }).campaignId).toBe('Eté');
    expect(
      filters(
        ['product', decomposed],
        ['term', 'Red Shoes'],
        ['ad_id', 'AD_1'],
        ['medium', 'CPC'],
        ['source', decomposed],
      ),
    ).toEqual(
      new Map([
        ['source', 'eté'],
        ['medium', 'cpc'],
        ['ad_id', 'AD_1'],
        ['term', 'Red Shoes'],
        ['product', 'Eté'],
      ]),
    );
  });

  it('takes an empty value as that of events without one, and orders filters as the fields are', () => {
    const where = filters(['product', ''], ['source', '']);
    expect([...where]).toEqual([
      ['source', null],
      ['product', null],
    ]);
  });

  it.each<[Partial<QuestionTexts>, string, string | undefined]>([
    [{ since: 'tomorow' }, '<since> expects a date or a time, got tomorow', 'for example 2026-06-01'],
    [{ until: '2026-13-01' }, '<until> expects a date or a time, got 2026-13-01', 'for example'],
    [{ since: '1780272000' }, '<since> expects a date or a time, got 1780272000', 'for example'],
    [
      { since: '2026-06-02', until: '2026-06-02' },
      '<since> 2026-06-02 is not before <until> 2026-06-02',
      undefined,
    ],
    [
      { by: 'sorce' },
      '<by> expects one of campaign, source, medium, ad_id, term, product, hour, day, week, month, got sorce',
      'did you mean source?',
    ],
    [{ by: 'source,zzzzzz' }, 'got zzzzzz', undefined],
    [{ by: '' }, 'got an empty text', undefined],
    [
      { sort: 'revenu' },
      '<sort> expects a metric, with :asc or :desc if need be, got revenu',
      'did you mean revenue?',
    ],
    [{ sort: 'clicks:up' }, 'got clicks:up', 'one of name, clicks'],
    [{ limit: '0' }, '<limit> expects a whole number from 1, got 0', undefined],
    [{ limit: '1e3' }, '<limit> expects a whole number from 1, got 1e3', undefined],
    [{ currency: 'dollar' }, '<currency> expects an ISO 4217 code such as USD, got dollar', undefined],
  ])('says what is wrong with %j', (texts, message, hint) => {
    let thrown: unknown;
    try {
      parse(texts);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'MAPIPE_USAGE',
      message: expect.stringContaining(message) as string,
    });
    expect(thrown).toHaveProperty('hint', hint === undefined ? undefined : expect.stringContaining(hint));
  });
});
