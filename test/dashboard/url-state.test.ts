import { describe, expect, test } from 'vitest';
import { readViewState, withFilter, writeViewState, type ViewState } from '../../src/dashboard/url-state.js';

const PLAIN: ViewState = { range: null, compare: true, filters: new Map() };

describe('readViewState', () => {
  test('an address without a query chooses nothing', () => {
    expect(readViewState('')).toEqual(PLAIN);
  });

  test('reads presets, two dates, the comparison and filters', () => {
    expect(readViewState('?range=7d&campaign=summer_sale&source=google').filters).toEqual(
      new Map([
        ['campaign', 'summer_sale'],
        ['source', 'google'],
      ]),
    );
    expect(readViewState('?range=7d').range).toBe('7d');
    expect(readViewState('?from=2026-06-01&to=2026-06-14').range).toEqual({
      from: '2026-06-01',
      to: '2026-06-14',
    });
    expect(readViewState('?compare=off').compare).toBe(false);
  });

  test('an empty filter means the events without a value, save of campaigns, where it cannot be asked', () => {
    expect(readViewState('?product=&campaign=').filters).toEqual(new Map([['product', null]]));
  });

  test('leaves out what makes no sense and puts dates in order', () => {
    expect(readViewState('?range=9y').range).toBeNull();
    expect(readViewState('?from=2026-02-30&to=2026-03-01').range).toBeNull();
    expect(readViewState('?from=2026-06-01').range).toBeNull();
    expect(readViewState('?from=2026-06-14&to=2026-06-01').range).toEqual({
      from: '2026-06-01',
      to: '2026-06-14',
    });
    expect(readViewState('?__proto__=x&colour=red')).toEqual(PLAIN);
  });
});

describe('writeViewState', () => {
  test('writes nothing where nothing was chosen', () => {
    expect(writeViewState(PLAIN)).toBe('');
  });

  test('writes what can be read back, whatever the names hold', () => {
    const view: ViewState = {
      range: { from: '2026-06-01', to: '2026-06-14' },
      compare: false,
      filters: new Map([
        ['campaign', 'a&b=c d+e#f?'],
        ['ad', '<img src=x onerror=alert(1)>'],
        ['product', null],
      ]),
    };
    expect(readViewState(writeViewState(view))).toEqual(view);
    expect(writeViewState({ ...PLAIN, range: '30d' })).toBe('?range=30d');
  });
});

test('withFilter sets and lifts one filter and leaves the view it came from alone', () => {
  const one = withFilter(PLAIN, 'source', 'google');
  expect(one.filters).toEqual(new Map([['source', 'google']]));
  expect(withFilter(one, 'source', null).filters).toEqual(new Map([['source', null]]));
  expect(withFilter(one, 'source', undefined).filters).toEqual(new Map());
  expect(PLAIN.filters).toEqual(new Map());
});
