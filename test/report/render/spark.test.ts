import { describe, expect, it } from 'vitest';
import { spark } from '../../../src/report/render/spark.js';

describe('spark', () => {
  it('rises from the lowest bar to the highest', () => {
    expect(spark([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
  });

  it('sums more values than fit into equal steps', () => {
    expect(spark([0, 0, 3, 4, 7, 7], 3)).toBe('▁▅█');
  });

  it('shares a value between two steps, so that even values stay level', () => {
    expect(spark([5, 5, 5, 5, 5], 3)).toBe('███');
  });

  it('stays on the ground without revenue, and for losses', () => {
    expect(spark([0, 0, 0], 8)).toBe('▁▁▁');
    expect(spark([-5, 0, 7], 8)).toBe('▁▁█');
    expect(spark([-5, -1], 8)).toBe('▁▁');
  });

  it('is empty without values or room', () => {
    expect(spark([], 8)).toBe('');
    expect(spark([1, 2], 0)).toBe('');
  });
});
