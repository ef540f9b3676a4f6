/** The server's own HTTP part with a handler that does nothing: what any durable answer is to be compared with. */
import { AllowedHosts } from '../dist/serve/allowed-hosts.js';
import { startHttpServer } from '../dist/serve/http-server.js';
import { Tokens } from '../dist/serve/tokens.js';

const DONE = {
  status: 201,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: '{"status":"stored"}',
};

const server = await startHttpServer(
  [
    {
      method: 'POST',
      path: '/api/click',
      scope: 'ingest',
      body: { kind: 'text', contentType: 'application/json', maxBytes: 16_384 },
      handle: () => Promise.resolve(DONE),
    },
  ],
  {
    host: '127.0.0.1',
    port: 0,
    hosts: new AllowedHosts('127.0.0.1', []),
    tokens: new Tokens([]),
    origins: [],
    requestsPerSecond: null,
  },
  { answered: () => undefined, failed: (error) => console.error(error) },
);
console.error(`mapipe serves ${server.url}`);
