import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rotatedFiles } from '../../../src/ingest/follow/rotated-names.js';
import { isRotatedName } from '../../../src/input/rotated-name.js';
import { temporaryDirectories } from '../../input/blocks.js';

const newDirectory = temporaryDirectories();

/** The names found for `log` among these files, of which each was written a second after the one before it. */
async function found(log: string, names: readonly string[]): Promise<string[]> {
  const folder = await newDirectory();
  for (const [i, name] of names.entries()) {
    await writeFile(join(folder, name), '');
    await utimes(join(folder, name), 1_780_272_000 + i, 1_780_272_000 + i);
  }
  return (await rotatedFiles(join(folder, log))).map(({ path }) => basename(path));
}

describe('the rotated files of a log', () => {
  it('are counted from the newest, whenever they were written last', async () => {
    expect(await found('app.log', ['app.log.1', 'app.log', 'app.log.10.gz', 'app.log.2'])).toEqual([
      'app.log.1',
      'app.log.2',
      'app.log.10.gz',
    ]);
  });

  it('are the newer the later their date, before or behind the extension', async () => {
    expect(await found('app.log', ['app.log-20261126', 'app-2026-11-24.log', 'app.log-20261125.gz'])).toEqual(
      ['app.log-20261126', 'app.log-20261125.gz', 'app-2026-11-24.log'],
    );
  });

  it('go by their time where their names do not tell', async () => {
    expect(await found('app.log', ['app.log.old', 'app.log.1'])).toEqual(['app.log.1', 'app.log.old']);
  });

  it('are none of the files of other logs, nor folders', async () => {
    expect(
      await found('app.log', ['app.log', 'app.log.bak', 'app.log.1.tmp', 'xapp.log.1', 'appelog.1']),
    ).toEqual([]);
    const folder = await newDirectory();
    await mkdir(join(folder, 'app.log.1'));
    expect(await rotatedFiles(join(folder, 'app.log'))).toEqual([]);
    expect(await rotatedFiles(join(folder, 'missing', 'app.log'))).toEqual([]);
  });

  it('may have been called anything', async () => {
    expect(await found('a+(b)[c].log', ['a+(b)[c].log.1', 'aab.log.1'])).toEqual(['a+(b)[c].log.1']);
    expect(await found('log', ['log.1', 'log'])).toEqual(['log.1']);
  });
});

it.each(['app.log.1', 'app.log.12.gz', '/var/log/app.log-20261126', 'app-2026-11-26.log.gz', 'app.log.old'])(
  '%s is the name of a rotated file',
  (name) => {
    expect(isRotatedName(name)).toBe(true);
  },
);

it.each(['app.log', '/var/log.1/app.log', 'app.log.gz', 'app2.log'])('%s is the name of none', (name) => {
  expect(isRotatedName(name)).toBe(false);
});
