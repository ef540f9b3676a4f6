import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { lookAtInputs, type KnownInput } from '../../src/input/known-inputs.js';
import type { Checkpoint } from '../../src/store/checkpoint.js';
import { temporaryFolder } from '../support/cli.js';
import { checkpointAt } from '../support/events.js';

let folder: string;
let runs = 0;

beforeEach(() => {
  folder = temporaryFolder();
});

function sha(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/** Lines of their own for each name, `bytes` of them. */
function linesOf(name: string, bytes: number): Buffer {
  return Buffer.from(`${name} ${'x'.repeat(88 - name.length)}\n`.repeat(Math.ceil(bytes / 90))).subarray(
    0,
    bytes,
  );
}

/** As a run of its own leaves it that read so many bytes of the content. */
function readOf(name: string, content: Buffer, offset: number, more: Partial<Checkpoint> = {}): Checkpoint {
  const head = content.subarray(0, Math.min(1024, offset));
  const tail = content.subarray(Math.max(0, offset - 1024), offset);
  return checkpointAt(offset, {
    runId: `run-${++runs}`,
    name: join(folder, name),
    lines: offset / 90,
    headLength: head.length,
    headHash: sha(head),
    tailLength: tail.length,
    tailHash: sha(tail),
    ...more,
  });
}

/** `name state lines/bytes file/unread`, one an input. */
async function look(...checkpoints: Checkpoint[]): Promise<string[]> {
  const inputs = await lookAtInputs(checkpoints, new AbortController().signal);
  return inputs.map(({ name, state, readLines, readBytes, fileBytes, unreadBytes }: KnownInput) =>
    [name.slice(folder.length + 1), state, `${readLines}/${readBytes}`, `${fileBytes}/${unreadBytes}`].join(
      ' ',
    ),
  );
}

function write(name: string, content: Buffer): Buffer {
  writeFileSync(join(folder, name), content);
  return content;
}

describe('the inputs that a store knows', () => {
  it('are read to their end, or not', async () => {
    const a = write('a.log', linesOf('a', 9_000));
    const b = write('b.log', linesOf('b', 9_000));
    expect(await look(readOf('b.log', b, 4_500), readOf('a.log', a, 9_000))).toEqual([
      'a.log read 100/9000 9000/0',
      'b.log unread 50/4500 9000/4500',
    ]);
    appendFileSync(join(folder, 'a.log'), 'more');
    expect(await look(readOf('a.log', a, 9_000))).toEqual(['a.log unread 100/9000 9004/4']);
  });

  it('stand there once, as far as the furthest run read them, also while they are short', async () => {
    const content = write('a.log', linesOf('a', 9_000));
    const all = [90, 180, 9_000, 4_500].map((offset) => readOf('a.log', content, offset));
    expect(await look(...all)).toEqual(['a.log read 100/9000 9000/0']);
    rmSync(join(folder, 'a.log'));
    expect(await look(...all.slice(2))).toEqual(['a.log gone 100/9000 null/null']);
    expect(await look(...all.slice(0, 2))).toEqual(['a.log gone 2/180 null/null']);
  });

  it('are changed where the file of their name holds something else, or less, and gone where there is none', async () => {
    const content = linesOf('a', 9_000);
    const checkpoint = readOf('a.log', content, 9_000);
    expect(await look(checkpoint)).toEqual(['a.log gone 100/9000 null/null']);
    write('a.log', linesOf('other', 9_000));
    expect(await look(checkpoint)).toEqual(['a.log changed 100/9000 9000/null']);
    write('a.log', content.subarray(0, 8_000));
    expect(await look(checkpoint)).toEqual(['a.log changed 100/9000 8000/null']);
    // The same head, but not the bytes before the offset.
    write('a.log', Buffer.concat([content.subarray(0, 2_000), linesOf('b', 7_000)]));
    expect(await look(checkpoint)).toEqual(['a.log changed 100/9000 9000/null']);
    rmSync(join(folder, 'a.log'));
    mkdirSync(join(folder, 'a.log'));
    expect(await look(checkpoint)).toMatchObject([expect.stringMatching(/^a\.log changed/)]);
  });

  it('are known under the name that they were rotated to, if that was read, too', async () => {
    const old = linesOf('old', 9_000);
    write('app.log', linesOf('new', 900));
    write('app.log.1', old);
    const checkpoints = [
      readOf('app.log', old, 8_100),
      readOf('app.log.1', old, 9_000),
      readOf('app.log', linesOf('new', 900), 900),
    ];
    expect(await look(...checkpoints)).toEqual([
      'app.log read 10/900 900/0',
      'app.log.1 read 100/9000 9000/0',
    ]);
  });

  it('are both there where two copies grew apart', async () => {
    const common = linesOf('a', 4_500);
    const one = write('1.log', Buffer.concat([common, linesOf('one', 900)]));
    const two = write('2.log', Buffer.concat([common, linesOf('two', 1_800)]));
    expect(await look(readOf('1.log', one, 5_400), readOf('2.log', two, 6_300))).toEqual([
      '1.log read 60/5400 5400/0',
      '2.log read 70/6300 6300/0',
    ]);
  });

  it('are looked into where they are compressed, though nobody can tell how much is left', async () => {
    const content = linesOf('a', 90_000);
    const { length } = write('a.log.gz', gzipSync(content));
    expect(await look(readOf('a.log.gz', content, 90_000))).toEqual([`a.log.gz read 1000/90000 ${length}/0`]);
    expect(await look(readOf('a.log.gz', content, 45_000))).toEqual([
      `a.log.gz unread 500/45000 ${length}/null`,
    ]);
  });

  it('are known by their source where they have one, whatever they hold', async () => {
    const content = linesOf('a', 9_000);
    write('a.log', linesOf('b', 9_090));
    const source = { source: 'shop' };
    const checkpoints = [readOf('a.log', content, 900, source), readOf('a.log', content, 9_000, source)];
    expect(await look(...checkpoints)).toEqual(['a.log unread 100/9000 9090/90']);
    write('a.log', linesOf('b', 8_000));
    expect(await look(...checkpoints)).toEqual(['a.log changed 100/9000 8000/null']);
  });

  it('are counted in thousands without one being compared with all', async () => {
    const many = Array.from({ length: 3_000 }, (_, i) => readOf(`${i}.log`, linesOf(`${i}`, 1_800), 1_800));
    expect(await look(...many)).toHaveLength(3_000);
  });
});
