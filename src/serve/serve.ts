/**
 * The server on one page: a store, an inbox for single events, a desk for questions, a watcher for those who listen,
 * and the routes that give each of them to the network.
 */
import type { DecodeOptions } from '../decode/format.js';
import type { Event } from '../event/event.js';
import { packageFile } from '../package-files.js';
import type { ReportRequest } from '../report/build-report.js';
import type { Store } from '../store/store.js';
import { EventInbox, type StoredAs } from './event-inbox.js';
import { startHttpServer, type HttpSettings } from './http-server.js';
import { TotalsWatcher } from './live-totals.js';
import { ServerMetrics } from './metrics.js';
import { ReportDesk } from './report-desk.js';
import { routesOf } from './routes.js';
import { WatchedStore } from './watched-store.js';

export interface ServeRequest {
  readonly store: Store;
  readonly http: HttpSettings;
  readonly decode: DecodeOptions;
  readonly timeZone: string;
  readonly demo: boolean;
  /** Of mapipe. */
  readonly version: string;
  /** How a user of this store writes the commands. */
  readonly commands: { readonly ingest: string; readonly report: string };
  /** Where the dashboard's build is; absent: where mapipe's own is. */
  readonly dashboardFolder?: URL;
  /** Something failed that no client can be told of, or that is a bug. */
  readonly onError: (error: unknown) => void;
}

export interface Server {
  readonly url: string;
  /** Stores an event as if it had come over HTTP. */
  submit(event: Event): Promise<StoredAs>;
  /** Takes no more, finishes what was taken, closes. */
  close(): Promise<void>;
}

export async function serve(request: ServeRequest): Promise<Server> {
  const { decode, timeZone, version, onError } = request;
  const store = new WatchedStore(request.store);
  // A store without a file is there from now on, so that the first question has an answer.
  await store.commit([]);
  const everything: ReportRequest = {
    sinceMicros: null,
    untilMicros: null,
    campaignId: null,
    where: new Map(),
    timeZone,
    currency: null,
    defaultCurrency: decode.defaultCurrency,
    by: [],
    sort: null,
    limit: null,
    exactUsers: false,
    timeline: false,
    charts: false,
  };
  const watcher = new TotalsWatcher(store, everything, onError);
  const metrics: ServerMetrics = new ServerMetrics({
    version,
    pendingEvents: () => inbox.pending,
    lagSeconds: () => inbox.lagMs / 1000,
    streams: () => watcher.listeners,
  });
  const inbox = new EventInbox(store, {
    committed: metrics.inbox.committed,
    failed: (error) => {
      metrics.inbox.failed(error);
      onError(error);
    },
  });
  const context = { ...request, store, inbox, watcher, metrics, desk: new ReportDesk(store) };
  const folder = request.dashboardFolder ?? packageFile('dist/dashboard/');
  const http = await startHttpServer(routesOf(context, folder), request.http, {
    answered: metrics.answered,
    failed: onError,
  });
  return {
    url: http.url,
    submit: (event) => inbox.submit(event),
    close: async () => {
      await http.close();
      await inbox.drain();
    },
  };
}
