import { describe, expect, it } from 'vitest';
import { isRotatedName, wasOfLog } from '../../src/input/rotated-name.js';

describe('the name of a rotated file', () => {
  it.each([
    'app.log.1',
    'app.log.12.gz',
    '/var/log/app.log-20261126',
    'app-2026-11-26.log.gz',
    'app.log.old',
  ])('is %s', (path) => {
    expect(isRotatedName(path)).toBe(true);
  });

  it.each(['app.log', 'app.log.gz', 'copy.log', 'v2/app.log'])('is not %s', (path) => {
    expect(isRotatedName(path)).toBe(false);
  });

  it.each([
    ['app.log.1', 'app.log'],
    ['/var/log/app.log.2.gz', 'app.log.1'],
    ['app.log-20261126.gz', '/var/log/app.log'],
    ['app-2026-11-26.log', 'app.log'],
    ['app.log.old', 'app.log'],
  ])('%s may have been of the log %s', (path, name) => {
    expect(wasOfLog(path, name)).toBe(true);
  });

  it.each([
    // A file a day is a log of its own.
    ['events-2026-11-26.ndjson', 'events-2026-11-25.ndjson'],
    ['app.log.1', 'web.log'],
    ['app.log.1', 'web.log.1'],
    ['app.log', 'app.log.1'],
    ['copy.log', 'app.log'],
  ])('%s was not of %s', (path, name) => {
    expect(wasOfLog(path, name)).toBe(false);
  });
});
