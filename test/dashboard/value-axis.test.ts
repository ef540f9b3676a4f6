import { expect, test } from 'vitest';
import { valueAxis } from '../../src/dashboard/value-axis.js';

test('marks are round and reach over the highest value', () => {
  expect(valueAxis(0, 341, 1).ticks).toEqual([0, 200, 400]);
  expect(valueAxis(0, 2500, 0.01).ticks).toEqual([0, 1000, 2000, 3000]);
  expect(valueAxis(0, 400, 1)).toEqual({ min: 0, max: 400, ticks: [0, 200, 400] });
});

test('counts have no marks between whole numbers', () => {
  expect(valueAxis(0, 1, 1).ticks).toEqual([0, 1]);
  expect(valueAxis(0, 0, 1).ticks).toEqual([0, 1]);
});

test('goes below zero where refunds do', () => {
  expect(valueAxis(-90, 200, 0.01)).toEqual({ min: -100, max: 200, ticks: [-100, 0, 100, 200] });
});
