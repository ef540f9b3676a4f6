/** What the routes work with. */
import type { DecodeOptions } from '../decode/format.js';
import type { EventInbox } from './event-inbox.js';
import type { TotalsWatcher } from './live-totals.js';
import type { ServerMetrics } from './metrics.js';
import type { ReportDesk } from './report-desk.js';
import type { WatchedStore } from './watched-store.js';

export interface ServerContext {
  readonly version: string;
  readonly store: WatchedStore;
  readonly decode: DecodeOptions;
  readonly timeZone: string;
  readonly demo: boolean;
  /** How a user of this store writes the commands, with `--store` where it is needed. */
  readonly commands: { readonly ingest: string; readonly report: string };
  readonly inbox: EventInbox;
  readonly desk: ReportDesk;
  readonly watcher: TotalsWatcher;
  readonly metrics: ServerMetrics;
}
