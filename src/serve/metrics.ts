/** The adapter to prom-client: what the server counts of itself, in the text format that Prometheus reads. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { InboxObserver } from './event-inbox.js';
import type { HttpObserver } from './http-server.js';
import type { Accounting } from '../ingest-summary.js';

const HTTP_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const COMMIT_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Names follow Prometheus' scheme: base units, `_total` for what only grows. */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #events = this.#counter('mapipe_events_total', 'Events received over HTTP', ['outcome']);
  readonly #lines = this.#counter('mapipe_lines_total', 'Lines of bulk requests and ingested inputs', [
    'outcome',
  ]);
  readonly #requests = this.#counter('mapipe_http_requests_total', 'HTTP requests answered', [
    'route',
    'method',
    'status',
  ]);
  readonly #requestSeconds = this.#histogram(
    'mapipe_http_request_duration_seconds',
    'Time to answer a request',
    ['route'],
    HTTP_SECONDS,
  );
  readonly #commitSeconds = this.#histogram(
    'mapipe_commit_duration_seconds',
    'Time to make a group of single events durable',
    [],
    COMMIT_SECONDS,
  );
  readonly #commitFailures = this.#counter(
    'mapipe_commit_failures_total',
    'Groups of single events that failed',
    [],
  );

  constructor(live: {
    readonly pendingEvents: () => number;
    readonly lagSeconds: () => number;
    readonly streams: () => number;
    readonly version: string;
  }) {
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('mapipe_pending_events', 'Single events taken and not durable yet', live.pendingEvents);
    this.#gauge('mapipe_lag_seconds', 'How long the oldest pending event has waited', live.lagSeconds);
    this.#gauge('mapipe_live_streams', 'Clients of /api/stream', live.streams);
    new Gauge({
      name: 'mapipe_build_info',
      help: 'The version that runs',
      labelNames: ['version'],
      registers: [this.#registry],
    }).set({ version: live.version }, 1);
  }

  readonly inbox: InboxObserver = {
    committed: ({ stored, duplicates, seconds }) => {
      this.#events.inc({ outcome: 'stored' }, stored);
      this.#events.inc({ outcome: 'duplicate' }, duplicates);
      this.#commitSeconds.observe(seconds);
    },
    failed: () => {
      this.#commitFailures.inc();
    },
  };

  /** Finding a label's series costs more than counting: those seen are remembered. There are as many as routes. */
  readonly #answers = new Map<
    string,
    { readonly counted: Counter.Internal; readonly timed: Histogram.Internal<string> }
  >();

  readonly answered: HttpObserver['answered'] = ({ route, method, status, seconds }) => {
    const key = `${method} ${route} ${status}`;
    let answer = this.#answers.get(key);
    if (!answer) {
      answer = {
        counted: this.#requests.labels({ route, method, status: String(status) }),
        timed: this.#requestSeconds.labels({ route }),
      };
      this.#answers.set(key, answer);
    }
    answer.counted.inc();
    answer.timed.observe(seconds);
  };

  lines({ accepted, duplicates, ignored, rejected }: Accounting): void {
    for (const [outcome, count] of Object.entries({ accepted, duplicates, ignored, rejected })) {
      this.#lines.inc({ outcome }, count);
    }
  }

  refused(): void {
    this.#events.inc({ outcome: 'rejected' });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #counter(name: string, help: string, labelNames: readonly string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, labelNames: readonly string[], buckets: number[]): Histogram {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }
}
