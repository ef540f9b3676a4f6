import { expect, test } from 'vitest';
import { changeOf } from '../../src/dashboard/compare.js';

test('a change has a direction, a share and a difference', () => {
  expect(changeOf(120, 100)).toEqual({ direction: 'up', share: 0.2, difference: 20 });
  expect(changeOf(75, 100)).toEqual({ direction: 'down', share: -0.25, difference: -25 });
  expect(changeOf(5, 5)).toEqual({ direction: 'same', share: 0, difference: 0 });
});

test('from nothing, or from less than nothing, there is no share', () => {
  expect(changeOf(5, 0)).toEqual({ direction: 'up', share: null, difference: 5 });
  expect(changeOf(10, -20)).toEqual({ direction: 'up', share: null, difference: 30 });
});

test('what has no value is not compared', () => {
  expect(changeOf(null, 0.1)).toBeNull();
  expect(changeOf(0.1, null)).toBeNull();
});
