/** `POST /api/events`: lines of JSON of any number, through the same pipeline as files. */
import { PassThrough } from 'node:stream';
import type { RejectedLine } from '../../decode/decoded-batch.js';
import { failPoint } from '../../fail-point.js';
import { StreamSource } from '../../input/stream-source.js';
import type { IngestSummary } from '../../ingest-summary.js';
import { ingest } from '../../pipeline.js';
import { stringifyExact, type ExactJson } from '../../report/render/exact-json.js';
import { accountFields } from '../../report/render/json.js';
import { abortWhenIdle } from '../idle-body.js';
import { ref } from '../openapi-types.js';
import { problem } from '../problem.js';
import { json, type Route } from '../route.js';
import type { ServerContext } from '../server-context.js';

const MAX_BODIES_AT_ONCE = 8;
const MAX_TOLD_REJECTS = 1_000;
const INPUT_NAME = 'the body';
/** What a client sees of a field that was wrong. */
const MAX_DETAIL_CHARACTERS = 200;

export function bulkEventsRoute({ store, decode, timeZone, metrics }: ServerContext): Route {
  let bodies = 0;
  return {
    method: 'POST',
    path: '/api/events',
    scope: 'ingest',
    body: { kind: 'stream', contentType: 'application/x-ndjson' },
    operation: {
      operationId: 'post_events',
      tags: ['events'],
      summary: 'Store events in bulk, one JSON object a line',
      description:
        'The body may be of any size and may be gzipped; it is read only as fast as it is stored. Every line is ' +
        'accounted for: lines = accepted + duplicates + ignored + rejected. What was accepted stays accepted, also ' +
        'where other lines are rejected or the connection breaks: give events an event_id, and sending again is safe.',
      requestBody: {
        required: true,
        content: {
          'application/x-ndjson': {
            schema: { type: 'string' },
            example:
              '{"type":"click","campaign_id":"summer_sale","user_id":"customer_123","event_id":"evt_1"}\n' +
              '{"type":"conversion","campaign_id":"summer_sale","user_id":"customer_123","amount":99.99,"order_id":"ord_1"}\n',
          },
        },
      },
      responses: {
        '200': {
          description: 'The account of every line; of rejected ones the first 1,000 are named.',
          content: { 'application/json': { schema: ref('BulkAccount') } },
        },
      },
    },
    async handle({ stream, signal }) {
      if (bodies >= MAX_BODIES_AT_ONCE) {
        return problem('queue-full', {
          detail: `${MAX_BODIES_AT_ONCE} bulk requests are being read already`,
          hint: 'send it again a little later',
          retryAfter: 5,
          headers: { connection: 'close' },
        });
      }
      bodies++;
      const watch = abortWhenIdle(stream, signal);
      const rejected: RejectedLine[] = [];
      try {
        const { summary, faults } = await ingest({
          inputs: [INPUT_NAME],
          // Stopped, the request's own stream would take the connection with it, and the answer.
          open: (name, stop) => Promise.resolve(new StreamSource(name, stream.pipe(new PassThrough()), stop)),
          format: 'ndjson',
          decode,
          store,
          sourceName: null,
          rejectsPath: null,
          onRejected: (_input, lines) => {
            rejected.push(...lines.slice(0, MAX_TOLD_REJECTS - rejected.length).map(withoutBytes));
          },
          timeZone,
          signal: watch.signal,
        });
        failPoint('bulk.before-answer');
        metrics.lines(summary);
        const fields = bulkAccount(summary, rejected);
        const [fault] = faults;
        if (fault) {
          return problem('damaged-body', {
            detail: `${fault.message}; what was accepted before is stored`,
            code: fault.code,
            more: fields,
          });
        }
        if (!summary.interrupted) return json(200, `${stringifyExact(fields, 2)}\n`);
        return problem(watch.isGivenUp() ? 'request-timeout' : 'stopping', {
          detail: `the body was read to line ${summary.lines} only; what was accepted of it is stored`,
          more: fields,
          headers: { connection: 'close' },
        });
      } finally {
        watch.stop();
        bodies--;
      }
    },
  };
}

function withoutBytes(line: RejectedLine): RejectedLine {
  return { ...line, bytes: '' };
}

function bulkAccount(summary: IngestSummary, rejected: readonly RejectedLine[]): Map<string, ExactJson> {
  return new Map<string, ExactJson>([
    ['schema', 'mapipe.bulk/1'],
    ...accountFields(summary),
    [
      'rejected_lines',
      rejected.map(({ line, offset, reason, detail }) => ({
        line,
        offset,
        reason,
        ...(detail === undefined ? {} : { detail: detail.slice(0, MAX_DETAIL_CHARACTERS) }),
      })),
    ],
  ]);
}
