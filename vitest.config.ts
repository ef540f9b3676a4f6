import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes soon, but not on a machine that is busy with other things.
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default'],
    // Many of them wait for programs that they started. Without this, two processors are left to one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
