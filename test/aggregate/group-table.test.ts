import { describe, expect, it } from 'vitest';
import { Group } from '../../src/aggregate/group.js';
import { GroupTable, OTHER_GROUP } from '../../src/aggregate/group-table.js';

function tableOf(maxGroups: number): GroupTable {
  return new GroupTable(maxGroups, () => new Group());
}

describe('GroupTable', () => {
  it('gives each key its own group, the same one each time', () => {
    const table = tableOf(10);
    expect(table.groupOf('a')).toBe(table.groupOf('a'));
    expect(table.groupOf('a')).not.toBe(table.groupOf('b'));
    expect(table.groupOf(null)).not.toBe(table.groupOf('null'));
    expect([...table.groups.keys()]).toEqual(['a', 'b', null, 'null']);
  });

  it('gives what is new past the cap the group of others, and what is known its own', () => {
    const table = tableOf(2);
    const [a, b] = [table.groupOf('a'), table.groupOf('b')];
    const other = table.groupOf('c');
    expect(table.groupOf('d')).toBe(other);
    expect([table.groupOf('a'), table.groupOf('b')]).toEqual([a, b]);
    expect(table.groups.get(OTHER_GROUP)).toBe(other);
    expect([...table.groups.keys()]).toEqual(['a', 'b', '(other)']);
  });

  it('never puts what names no key among the others', () => {
    const table = tableOf(1);
    table.groupOf('a');
    table.groupOf('b');
    expect(table.groupOf(null)).not.toBe(table.groupOf('c'));
    expect(table.groups.has(null)).toBe(true);
  });

  it('keeps keys of any text as they are', () => {
    const table = tableOf(10);
    const keys = ['', 'é', '🎉', '__proto__', 'x'.repeat(100_000)];
    for (const key of keys) table.groupOf(key);
    expect([...table.groups.keys()]).toEqual(keys);
  });
});
