/**
 * `mapipe serve --demo`: a store of its own that is thrown away, filled with the sample as if it had just happened, and
 * visitors who click and buy while one looks on.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DecodeOptions } from '../decode/format.js';
import type { Event } from '../event/event.js';
import { nowMicros } from '../event/time.js';
import { packageFile } from '../package-files.js';
import { ingest } from '../pipeline.js';
import type { Store } from '../store/store.js';

const SAMPLE = packageFile('data/sample_logs.txt');
const DAY_MS = 86_400_000;
/** Between two simulated events. */
const MIN_PAUSE_MS = 300;
const MAX_PAUSE_MS = 2_200;
/** Of 100 simulated events so many are conversions. */
const CONVERSIONS_PERCENT = 9;

interface SampleRecord {
  readonly type: string;
  readonly timestamp: string;
  readonly campaign_id?: string;
  readonly source?: string;
  readonly medium?: string;
  readonly ad_id?: string;
  readonly product?: string;
  readonly amount?: number;
}

export interface DemoFolder {
  readonly storePath: string;
  remove(): Promise<void>;
}

export async function createDemoFolder(): Promise<DemoFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'mapipe-demo-'));
  return {
    storePath: join(folder, 'demo.duckdb'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export class Demo {
  readonly #records: readonly SampleRecord[];
  #timer: NodeJS.Timeout | null = null;

  private constructor(records: readonly SampleRecord[]) {
    this.#records = records;
  }

  /** Ingests the sample, moved by whole days so that its last event lies within the last 24 hours. */
  static async fill(store: Store, decode: DecodeOptions, signal: AbortSignal): Promise<Demo> {
    const lines = (await readFile(SAMPLE, 'utf8')).trim().split('\n');
    // We wrote the sample ourselves: its fields are what SampleRecord says.
    const records = lines.map((line) => JSON.parse(line) as SampleRecord);
    const last = Math.max(...records.map(({ timestamp }) => Date.parse(timestamp)));
    const shiftMs = Math.floor((Date.now() - last) / DAY_MS) * DAY_MS;
    const moved = lines.map((line, i) => {
      const timestamp = records[i]?.timestamp ?? '';
      return line.replace(timestamp, new Date(Date.parse(timestamp) + shiftMs).toISOString());
    });
    const folder = await mkdtemp(join(tmpdir(), 'mapipe-demo-'));
    try {
      const path = join(folder, 'sample.ndjson');
      await writeFile(path, `${moved.join('\n')}\n`);
      await ingest({
        inputs: [path],
        format: 'ndjson',
        decode,
        store,
        sourceName: null,
        rejectsPath: null,
        timeZone: 'UTC',
        signal,
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return new Demo(records);
  }

  /** Has visitors click and buy until `stop`. */
  start(submit: (event: Event) => Promise<unknown>): void {
    const clicks = this.#records.filter(({ type }) => type === 'click');
    const conversions = this.#records.filter(({ type, campaign_id }) => type === 'conversion' && campaign_id);
    const visitors: { user_id: string; campaign_id: string }[] = [];
    const next = (): void => {
      const buyer =
        visitors.length > 0 && Math.random() * 100 < CONVERSIONS_PERCENT ? pick(visitors) : undefined;
      const record = buyer
        ? pick(conversions.filter(({ campaign_id }) => campaign_id === buyer.campaign_id))
        : pick(clicks);
      if (record) {
        const user_id = buyer?.user_id ?? `visitor_${Math.floor(Math.random() * 9_000) + 1_000}`;
        if (!buyer && record.campaign_id) visitors.push({ user_id, campaign_id: record.campaign_id });
        // A visit that a purchase may follow is remembered for a while.
        if (visitors.length > 50) visitors.shift();
        // A demo that cannot store is one that is being stopped.
        submit(eventOf(record, user_id)).catch(() => undefined);
      }
      this.#timer = setTimeout(next, MIN_PAUSE_MS + Math.random() * (MAX_PAUSE_MS - MIN_PAUSE_MS));
    };
    next();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}

function eventOf(record: SampleRecord, user_id: string): Event {
  const { campaign_id, source, medium, ad_id, product } = record;
  const isClick = record.type === 'click';
  return {
    type: isClick ? 'click' : 'conversion',
    timestampMicros: nowMicros(),
    amountMicros: isClick ? 0n : BigInt(Math.round((record.amount ?? 0) * 100)) * 10_000n,
    user_id,
    ...(campaign_id ? { campaign_id } : {}),
    ...(isClick && source ? { source } : {}),
    ...(isClick && medium ? { medium } : {}),
    ...(isClick && ad_id ? { ad_id } : {}),
    ...(!isClick && product ? { product } : {}),
    ...(isClick ? {} : { currency: 'USD' }),
  };
}

function pick<T>(items: readonly T[]): T | undefined {
  return items[Math.floor(Math.random() * items.length)];
}
