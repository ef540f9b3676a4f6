/** What host and kernel have to agree on, of which no compiler knows both sides. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  MAX_CAMPAIGNS,
  MAX_DIMENSION_GROUPS,
  MAX_TIMELINE_BUCKETS,
  MAX_TREND_BUCKETS,
} from '../../src/aggregate/aggregator.js';
import { MAX_EXACT } from '../../src/aggregate/distinct-counter.js';
import { REGISTERS } from '../../src/aggregate/hyperloglog.js';
import { BUCKET_WORDS } from '../../src/aggregate/time-buckets.js';
import * as host from '../../src/decode/kernel/kernel-layout.js';
import { MAX_BATCH_EVENTS } from '../../src/decode/batch-account.js';
import { MAX_LINE_BYTES } from '../../src/decode/split-lines.js';
import { TYPE_CODE } from '../../src/event/event-batch.js';
import { TEXT_FIELDS } from '../../src/event/event.js';
import { loadKernel } from '../../src/ingest/load-kernel.js';

const folder = new URL('../../src/decode/kernel/', import.meta.url);
const sourceOf = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** The numbers that a source file gives names to: literals, shifts, and sums of earlier ones. */
function constantsOf(name: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const numberOf = (text: string): number => found.get(text) ?? Number(text.replaceAll('_', ''));
  const pattern = /^(?:export )?const (\w+)(?:: \w+)? = ([^;]+);/gm;
  for (const [, constant = '', text = ''] of sourceOf(name).matchAll(pattern)) {
    const [, left = '', operator, right = ''] = /^(\w+)(?: (<<|\+) (\w+))?$/.exec(text) ?? [];
    const [a, b] = [numberOf(left), numberOf(right)];
    const value = operator === '<<' ? a << b : operator === '+' ? a + b : a;
    if (left !== '' && !Number.isNaN(value)) found.set(constant, value);
  }
  return found;
}

describe('the layout', () => {
  const layout = constantsOf('assembly/layout.ts');
  const summary = constantsOf('assembly/summary.ts');

  it('gives each field the same number on both sides', () => {
    for (const [field, code] of Object.entries(host.FIELD_CODES))
      expect(layout.get(field.toUpperCase()), field).toBe(code);
    expect(layout.get('TEXT_FIELD_COUNT')).toBe(TEXT_FIELDS.length);
    expect(layout.get('UNKNOWN')).toBe(Object.keys(host.FIELD_CODES).length);
  });

  it('gives each type of event the same number', () => {
    for (const [type, code] of Object.entries(TYPE_CODE))
      expect(layout.get(type.toUpperCase()), type).toBe(code);
    expect(layout.get('OTHER_EVENT')).toBe(host.OTHER_EVENT);
    expect(layout.get('VOCABULARY')).toBe(host.VOCABULARY);
  });

  it('has the same limits', () => {
    expect(layout.get('MAX_ROWS')).toBe(host.MAX_ROWS);
    expect(host.MAX_ROWS).toBe(MAX_BATCH_EVENTS);
    expect(layout.get('MAX_LINE_BYTES')).toBe(MAX_LINE_BYTES);
    expect(layout.get('ALL_READ')).toBe(host.ALL_READ);
    expect(layout.get('BATCH_FULL')).toBe(host.BATCH_FULL);
    expect(summary.get('MAX_CURRENCIES')).toBe(host.MAX_CURRENCIES);
    expect(summary.get('MAX_EXACT')).toBe(MAX_EXACT);
    expect(summary.get('REGISTERS')).toBe(REGISTERS);
  });

  it('has the sizes that the totals are read by', () => {
    const totals = constantsOf('kernel-totals.ts');
    const shared = ['GROUP_BYTES', 'CODE', 'MONEY_BYTES', 'NONE', 'OTHERS'];
    for (const name of shared) {
      expect(totals.get(name), name).toBeDefined();
      expect(summary.get(name), name).toBe(totals.get(name));
    }
    expect(summary.get('TABLES')).toBe(totals.get('TOTALS'));
    expect(summary.get('BUCKET_BYTES')).toBe(BUCKET_WORDS * 4);
    expect(summary.get('MAX_TREND_BUCKETS')).toBe(MAX_TREND_BUCKETS);
    expect(summary.get('MAX_TIMELINE_BUCKETS')).toBe(MAX_TIMELINE_BUCKETS);
    // A code's group is told in 16 bits.
    expect(MAX_CAMPAIGNS + 3).toBeLessThan(1 << 16);
    expect(MAX_DIMENSION_GROUPS).toBeLessThanOrEqual(MAX_CAMPAIGNS);
  });

  it('keeps the same fields as keys', () => {
    const keyed = /KEYED: u32 = (.*);/.exec(sourceOf('assembly/layout.ts'))?.[1] ?? '';
    const names = [...keyed.matchAll(/1 << (\w+)/g)].map(([, name = '']) => name.toLowerCase());
    expect(names.sort()).toEqual([...host.KEYED_FIELDS].sort());
    expect([...host.KEYED_FIELDS, ...host.INTERNED_FIELDS].sort()).toEqual([...TEXT_FIELDS].sort());
  });
});

describe('the module', () => {
  const body = /interface KernelExports \{(.*?)\n\}/s.exec(sourceOf('kernel-layout.ts'))?.[1] ?? '';
  const functions = [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, name = '']) => name);

  it('exports all that its host calls, and nothing that it does not know', () => {
    const { exports } = new WebAssembly.Instance(loadKernel(), { env: { abort: () => undefined } });
    expect(functions.length).toBeGreaterThan(30);
    const exported = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
    expect(exported.sort()).toEqual([...functions].sort());
    expect(exports['memory']).toBeDefined();
  });

  it('is told as many values as each function takes', () => {
    const { exports } = new WebAssembly.Instance(loadKernel(), { env: { abort: () => undefined } });
    for (const [, name = '', parameters = ''] of body.matchAll(/^ {2}(\w+)\(([^)]*)\)/gm)) {
      const expected = parameters.split(',').filter((parameter) => parameter.trim() !== '').length;
      expect((exports[name] as () => void).length, name).toBe(expected);
    }
  });
});
