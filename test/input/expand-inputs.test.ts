import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expandInputs } from '../../src/input/expand-inputs.js';
import { temporaryDirectories } from './blocks.js';

const newDirectory = temporaryDirectories();

async function directoryWith(...names: string[]): Promise<string> {
  const directory = await newDirectory();
  await mkdir(join(directory, 'sub'));
  for (const name of names) await writeFile(join(directory, name), '');
  return directory;
}

describe('expandInputs', () => {
  it('leaves names as they are, in the order named, each once', async () => {
    expect(await expandInputs(['b.log', '-', 'a.log', 'b.log', '-'])).toEqual(['b.log', '-', 'a.log']);
    expect(await expandInputs([])).toEqual([]);
  });

  it('expands a glob to its files, sorted, and to no directories', async () => {
    const directory = await directoryWith('b.log', 'a.log', 'c.txt', 'sub/d.log');
    await mkdir(join(directory, 'e.log'));
    expect(await expandInputs([join(directory, '*.log')])).toEqual([
      join(directory, 'a.log'),
      join(directory, 'b.log'),
    ]);
    expect(await expandInputs([join(directory, '**/*.log')])).toEqual(
      ['a.log', 'b.log', 'sub/d.log'].map((name) => join(directory, name)),
    );
    expect(await expandInputs([join(directory, '{b,c}.*')])).toEqual(
      ['b.log', 'c.txt'].map((name) => join(directory, name)),
    );
  });

  it('names a file once that a name and a glob both stand for', async () => {
    const directory = await directoryWith('a.log', 'b.log');
    const [a, b] = ['a.log', 'b.log'].map((name) => join(directory, name));
    expect(await expandInputs([b ?? '', join(directory, '*.log')])).toEqual([b, a]);
  });

  it('takes a file whose own name looks like a glob for that file', async () => {
    const directory = await directoryWith('app[1].log', 'app1.log');
    const name = join(directory, 'app[1].log');
    expect(await expandInputs([name])).toEqual([name]);
  });

  it('says so where a glob matches nothing', async () => {
    const directory = await directoryWith('a.log');
    await expect(expandInputs([join(directory, '*.gz')])).rejects.toMatchObject({
      code: 'MAPIPE_INPUT_NOT_FOUND',
      message: `no file matches ${join(directory, '*.gz')}`,
    });
  });
});
