import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inTurn, type Turn } from '../../src/store/duckdb/in-turn.js';

describe('turns at a file', () => {
  it('are taken one after another, whoever writes before all who only wait to read', async () => {
    const events: string[] = [];
    const visit = (name: string, turn: Turn): Promise<void> =>
      inTurn('/nowhere/a.duckdb', turn, async () => {
        events.push(`${name} in`);
        await sleep(5);
        events.push(`${name} out`);
      });
    await Promise.all([
      visit('read 1', 'read'),
      visit('read 2', 'read'),
      visit('read 3', 'read'),
      visit('write', 'write'),
    ]);
    expect(events).toEqual([
      'read 1 in',
      'read 1 out',
      'write in',
      'write out',
      'read 2 in',
      'read 2 out',
      'read 3 in',
      'read 3 out',
    ]);
  });

  it('go on when one of them fails', async () => {
    const failing = inTurn('/nowhere/b.duckdb', 'write', () => Promise.reject(new Error('no')));
    const next = inTurn('/nowhere/b.duckdb', 'read', () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });

  it('at different files have nothing to do with each other', async () => {
    let release: () => void = () => undefined;
    const long = inTurn(
      '/nowhere/c.duckdb',
      'write',
      () => new Promise<void>((resolve) => (release = resolve)),
    );
    await expect(inTurn('/nowhere/d.duckdb', 'write', () => Promise.resolve('free'))).resolves.toBe('free');
    release();
    await long;
  });
});
