/** A server runs for months: nothing of a request that is over may stay with it. */
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { DecodeOptions } from '../../src/decode/format.js';
import { bulkEventsRoute } from '../../src/serve/routes/bulk-events.js';
import { ServerMetrics } from '../../src/serve/metrics.js';
import type { ServerContext } from '../../src/serve/server-context.js';
import type { CommitOutcome, Segment } from '../../src/store/store.js';
import { FakeStore, turns } from './fake-store.js';

const DECODE: DecodeOptions = {
  defaultCurrency: 'USD',
  inputZone: 'UTC',
  receivedAtMicros: () => 1_780_272_000_000_000n,
  fieldPaths: new Map(),
  goals: [],
  includeBots: false,
};

/** Takes whatever comes, and keeps nothing of it. */
class ForgetfulStore extends FakeStore {
  override commit(segments: readonly Segment[]): Promise<CommitOutcome> {
    return Promise.resolve({
      kind: 'committed',
      duplicates: segments.map(({ batches }) => batches.map(() => [])),
    });
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function heapBytes(): Promise<number> {
  await turns();
  collectGarbage();
  await turns();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it('a thousand bulk requests leave less than a kilobyte each in memory', async () => {
  const metrics = new ServerMetrics({
    version: '0',
    pendingEvents: () => 0,
    lagSeconds: () => 0,
    streams: () => 0,
  });
  // The route takes nothing else of its context.
  const context = { store: new ForgetfulStore(), decode: DECODE, timeZone: 'UTC', metrics };
  const route = bulkEventsRoute(context as unknown as ServerContext);
  const send = async (): Promise<void> => {
    const reply = await route.handle({
      query: new URLSearchParams(),
      header: () => undefined,
      text: null,
      stream: Readable.from([Buffer.from('no json\n')]),
      signal: new AbortController().signal,
    });
    expect(reply.status).toBe(200);
  };
  for (let i = 0; i < 300; i++) await send();
  const before = await heapBytes();
  for (let i = 0; i < 1_000; i++) await send();
  expect(((await heapBytes()) - before) / 1_000).toBeLessThan(1_000);
});
