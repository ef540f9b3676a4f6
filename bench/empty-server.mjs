/** The server's own HTTP part with a handler that does nothing: what any durable answer is to be compared with. */
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

// In dist/ these are parts of larger files, so they are built once more, each by itself.
const bundler = await rolldown({
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  input: ['src/serve/allowed-hosts.ts', 'src/serve/http-server.ts', 'src/serve/tokens.ts'],
  platform: 'node',
  external: /^@?fastify/,
});
await bundler.write({ dir: 'tmp/empty-server' });
const { AllowedHosts } = await import('../tmp/empty-server/allowed-hosts.js');
const { startHttpServer } = await import('../tmp/empty-server/http-server.js');
const { Tokens } = await import('../tmp/empty-server/tokens.js');

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
