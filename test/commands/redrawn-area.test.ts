import { describe, expect, it } from 'vitest';
import { RedrawnArea } from '../../src/commands/redrawn-area.js';
import { FakeTerminal } from '../support/fake-terminal.js';

async function areaOn(columns: number, rows: number, before = ''): Promise<[FakeTerminal, RedrawnArea]> {
  const terminal = new FakeTerminal(columns, rows);
  if (before !== '') terminal.write(before);
  return [terminal, new RedrawnArea(await terminal.output())];
}

/** Waits until what was written has been taken. */
async function settle(): Promise<void> {
  await new Promise((done) => setImmediate(done));
}

async function show(area: RedrawnArea, text: string): Promise<void> {
  area.show(text);
  await settle();
}

describe('an area that is drawn again and again', () => {
  it('is drawn in place, beneath what stands there', async () => {
    const [terminal, area] = await areaOn(20, 10, '$ mapipe\n');
    await show(area, 'one\ntwo\nthree');
    expect(terminal.screen).toBe('$ mapipe\none\ntwo\nthree');
    await show(area, 'uno\nd');
    expect(terminal.screen).toBe('$ mapipe\nuno\nd');
    await show(area, 'a\nb\nc\nd');
    expect(terminal.screen).toBe('$ mapipe\na\nb\nc\nd');
  });

  it('is gone when it is wiped, and what comes next stands in its place', async () => {
    const [terminal, area] = await areaOn(20, 10, '$ mapipe\n');
    await show(area, 'one\ntwo\nthree');
    area.wipe();
    terminal.write('the answer\n');
    expect(terminal.screen).toBe('$ mapipe\nthe answer');
    expect(terminal.cursorRow).toBe(2);
  });

  it('fills all but the last line, and pushes out what stood above', async () => {
    const [terminal, area] = await areaOn(20, 5, 'x\ny\nz\n$ mapipe\n');
    expect([area.width, area.height]).toEqual([19, 4]);
    await show(area, 'a\nb\nc\nd');
    await show(area, 'e\nf\ng\nh');
    expect(terminal.screen).toBe('e\nf\ng\nh');
    area.wipe();
    expect(terminal.screen).toBe('');
    expect(terminal.cursorRow).toBe(0);
  });

  it('writes nothing where nothing has changed', async () => {
    const [terminal, area] = await areaOn(20, 10);
    await show(area, 'same');
    await show(area, 'same');
    expect(terminal.writes).toBe(1);
    terminal.resize(30, 10);
    await show(area, 'same');
    expect(terminal.writes).toBe(2);
  });

  it('leaves nothing behind when the terminal gets narrower, lower, and large again', async () => {
    const [terminal, area] = await areaOn(40, 12, '$ mapipe\n');
    const draw = () =>
      show(
        area,
        Array.from({ length: area.height }, (_, row) => String(row).padEnd(area.width, '.')).join('\n'),
      );
    await draw();
    for (const [columns, rows] of [
      [20, 12],
      [20, 4],
      [60, 20],
      [33, 7],
      [40, 12],
    ] as const) {
      terminal.resize(columns, rows);
      await draw();
      const lines = terminal.screen.split('\n');
      expect(lines, `${columns} × ${rows}`).toEqual(
        Array.from({ length: rows - 1 }, (_, row) => String(row).padEnd(columns - 1, '.')),
      );
    }
    area.wipe();
    expect(terminal.screen).toBe('');
  });

  it('leaves nothing behind of a few long lines that a narrower terminal wraps', async () => {
    const [terminal, area] = await areaOn(40, 12);
    await show(area, ['a', 'b', 'c'].map((letter) => letter.repeat(39)).join('\n'));
    terminal.resize(20, 12);
    await show(area, 'one\ntwo');
    expect(terminal.screen).toBe('one\ntwo');
  });

  it('leaves nothing behind of lines that a lower terminal pushed out and a higher one brought back', async () => {
    const [terminal, area] = await areaOn(40, 12);
    await show(area, 'a\nb\nc\nd\ne\nf');
    terminal.resize(40, 4);
    await show(area, 'one\ntwo');
    terminal.resize(40, 12);
    await show(area, 'three\nfour');
    expect(terminal.screen).toBe('three\nfour');
  });

  it('spares what stands above where a smaller terminal still holds all of it', async () => {
    const [terminal, area] = await areaOn(40, 12, '$ mapipe\n');
    await show(area, 'one\ntwo');
    terminal.resize(30, 8);
    await show(area, 'three\nfour');
    expect(terminal.screen).toBe('$ mapipe\nthree\nfour');
  });

  it('says a line above itself', async () => {
    const [terminal, area] = await areaOn(40, 12, '$ mapipe\n');
    await show(area, 'one\ntwo');
    area.say('a.log was renamed');
    area.say('a.log is there');
    expect(terminal.screen).toBe('$ mapipe\na.log was renamed\na.log is there');
    await settle();
    await show(area, 'one\ntwo');
    expect(terminal.screen).toBe('$ mapipe\na.log was renamed\na.log is there\none\ntwo');
    area.wipe();
    expect(terminal.screen).toBe('$ mapipe\na.log was renamed\na.log is there');
  });

  it('begins anew beneath what others wrote, once told so', async () => {
    const [terminal, area] = await areaOn(40, 12);
    await show(area, 'one\ntwo');
    terminal.write('[1]+ Stopped\n$ fg\n');
    area.forget();
    await show(area, 'three\nfour');
    expect(terminal.screen).toBe('one\ntwo\n[1]+ Stopped\n$ fg\nthree\nfour');
  });

  it('hides no cursor and opens no other screen: there is nothing to restore', async () => {
    const [terminal, area] = await areaOn(40, 12);
    await show(area, 'one\ntwo');
    terminal.resize(2, 2);
    await show(area, 'x');
    area.wipe();
    expect(terminal.raw).not.toContain('\u001b[?');
  });

  it('does not wait for a terminal that takes nothing, nor fails with one that is gone', async () => {
    const [terminal, area] = await areaOn(40, 12);
    terminal._write = () => undefined;
    for (let draw = 0; draw < 1_000; draw++) area.show(`${draw} ${'x'.repeat(30_000)}`);
    expect(terminal.writableLength).toBeLessThan(100_000);
    terminal.on('error', () => undefined).destroy(new Error('EIO'));
    await settle();
    area.show('after');
    area.wipe();
    await settle();
  });
});
