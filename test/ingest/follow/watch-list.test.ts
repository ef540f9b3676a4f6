import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WatchList } from '../../../src/ingest/follow/watch-list.js';
import { temporaryDirectories } from '../../input/blocks.js';

const newDirectory = temporaryDirectories();

describe('a list of what is watched', () => {
  it('has each path once, also where a pattern matches a named one', async () => {
    const folder = await newDirectory();
    const [a, b] = [join(folder, 'a.log'), join(folder, 'b.log')];
    await writeFile(a, '');
    await writeFile(b, '');
    const list = await WatchList.of([a, join(folder, '*.log')], () => 0);
    expect((await list.look()).map(({ path, isNamed }) => [path, isNamed])).toEqual([
      [a, true],
      [b, false],
    ]);
  });

  it('tells where a link leads, and that a path leads nowhere', async () => {
    const folder = await newDirectory();
    const [file, link, missing] = [join(folder, 'f'), join(folder, 'link'), join(folder, 'missing')];
    await writeFile(file, '');
    await symlink(file, link);
    const [ofFile, ofLink, ofMissing] = await (await WatchList.of([file, link, missing], () => 0)).look();
    expect(ofFile?.file).toMatchObject({ isRegular: true });
    expect(ofLink?.file?.identity).toBe(ofFile?.file?.identity);
    expect(ofMissing).toMatchObject({ file: null, trouble: null });
  });

  it('says that a folder is no file', async () => {
    const folder = await newDirectory();
    await mkdir(join(folder, 'd'));
    const [watched] = await (await WatchList.of([join(folder, 'd')], () => 0)).look();
    expect(watched?.file?.isRegular).toBe(false);
  });

  it('looks a pattern up anew after a second, not at every look', async () => {
    const folder = await newDirectory();
    let nowMs = 0;
    const list = await WatchList.of([join(folder, '*.log')], () => nowMs);
    expect(await list.look()).toEqual([]);
    expect(list.unmatched).toEqual([join(folder, '*.log')]);
    await writeFile(join(folder, 'late.log'), '');
    nowMs = 999;
    expect(await list.look()).toEqual([]);
    nowMs = 1_000;
    expect((await list.look()).map(({ path }) => path)).toEqual([join(folder, 'late.log')]);
    expect(list.unmatched).toEqual([]);
  });

  it('looks a pattern up anew after a second also where the first time took long', async () => {
    const folder = await newDirectory();
    // The first look takes 200 ms, of which a hundred times as much would be 20 s.
    const clock = [0, 200, 200, 1_200];
    const list = await WatchList.of([join(folder, '*.log')], () => clock.shift() ?? 1_200);
    await list.look();
    await writeFile(join(folder, 'late.log'), '');
    expect(await list.look()).toHaveLength(1);
  });

  it('has a pattern’s paths until the next time, though their files are gone', async () => {
    const folder = await newDirectory();
    const path = join(folder, 'a.log');
    await writeFile(path, '');
    const list = await WatchList.of([join(folder, '*.log')], () => 0);
    await list.look();
    await rm(path);
    expect(await list.look()).toMatchObject([{ path, file: null }]);
  });

  it('takes a file whose name looks like a pattern for that file', async () => {
    const folder = await newDirectory();
    const path = join(folder, 'a[1].log');
    await writeFile(path, '');
    expect(await (await WatchList.of([path], () => 0)).look()).toMatchObject([{ path, isNamed: true }]);
  });

  it('names the folders in which something may change', async () => {
    const list = await WatchList.of(['/one/a.log', '/two/sub*/x.log', '/three/*.log'], () => 0);
    expect([...list.folders].sort()).toEqual(['/one', '/three', '/two']);
  });
});
