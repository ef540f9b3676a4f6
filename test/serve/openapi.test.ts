/** The API's document is true: what it says is there, what is there it says, and what is answered has the shape it gives. */
import { beforeAll, describe, expect, it } from 'vitest';
import { PROBLEMS } from '../../src/serve/problem.js';
import { routesOf } from '../../src/serve/routes.js';
import type { ServerContext } from '../../src/serve/server-context.js';
import { ingest, PROJECT, SAMPLE } from '../support/cli.js';
import { faultsOf, type Schema } from '../support/json-schema.js';
import { EventStream, post, postLines, sharedServer } from '../support/server.js';

interface Content {
  readonly schema: Schema;
  readonly example?: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    name: string;
    in: string;
    example?: string | number | boolean;
    schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
  readonly security?: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const server = sharedServer();
let document: Document;
beforeAll(async () => {
  await ingest(server().store, [SAMPLE]);
  document = (await (await fetch(`${server().url}/api/openapi.json`)).json()) as Document;
});

function operations(): { path: string; method: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
}

/** The routes that the server registers. Their table looks at nothing of what it hands on to the handlers. */
function servedRoutes(): { method: string; path: string }[] {
  const context = { decode: { defaultCurrency: 'USD' }, version: '0' } as unknown as ServerContext;
  return routesOf(context, new URL(`file://${PROJECT}/dist/dashboard/`));
}

function expectShape(value: unknown, schema: Schema): void {
  expect(faultsOf(value, schema, document.components.schemas)).toEqual([]);
}

function responseSchema(path: string, method: string, status: number, type: string): Schema {
  const schema = document.paths[path]?.[method]?.responses[String(status)]?.content?.[type]?.schema;
  if (!schema) throw new Error(`${method} ${path} is not documented to answer ${status} with ${type}`);
  return schema;
}

/** Expects an answer of a kind that the document knows, in its shape. */
async function expectDocumented(path: string, method: string, answer: Response): Promise<unknown> {
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const schema = responseSchema(path, method, answer.status, type);
  const body: unknown = await answer.json();
  expectShape(body, schema);
  return body;
}

describe('the document', () => {
  it('is OpenAPI 3.1, of this version', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('describes every route of the API, and no other', () => {
    const api = servedRoutes()
      .filter(
        ({ path }) => (path.startsWith('/api/') && !path.startsWith('/api/docs')) || path === '/metrics',
      )
      .map(({ method, path }) => `${method} ${path}`);
    expect(
      operations()
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    ).toEqual(api.sort());
    expect(api.length).toBeGreaterThanOrEqual(10);
  });

  it('names every operation once, and gives each a success and its refusals', () => {
    const names = operations().map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, operation } of operations()) {
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        path,
      ).toBe(true);
      expect(Object.keys(operation.responses), path).toEqual(expect.arrayContaining(['421', '429']));
    }
  });

  it('refers to no shape that is not there, and has none that nothing refers to', () => {
    const text = JSON.stringify(document);
    const named = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
    expect([...named].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  it('leads to addresses that answer', async () => {
    for (const { path, method, operation } of operations()) {
      const [type = ''] = Object.keys(operation.requestBody?.content ?? {});
      const answer = await fetch(`${server().url}${path}`, {
        method,
        ...(type === '' ? {} : { headers: { 'content-type': type }, body: '{}' }),
      });
      await answer.body?.cancel();
      expect([404, 405], `${method} ${path}`).not.toContain(answer.status);
    }
  });

  it('gives examples that are right: bodies are stored, and parameters are understood', async () => {
    for (const { path, method, operation } of operations()) {
      for (const [type, { schema, example }] of Object.entries(operation.requestBody?.content ?? {})) {
        expect(example, path).toBeDefined();
        const isText = typeof example === 'string';
        if (!isText) expectShape(example, schema);
        const sent = await post(`${server().url}${path}`, isText ? example : (example as object), {
          'content-type': type,
        });
        expect([200, 201], `${method} ${path}`).toContain(sent.status);
        if (isText) expect(await sent.json()).toMatchObject({ rejected: 0 });
      }
      for (const { name, in: where, example } of operation.parameters ?? []) {
        if (where !== 'query' || example === undefined) continue;
        const answer = await fetch(`${server().url}${path}?${name}=${encodeURIComponent(String(example))}`);
        expect(answer.status, `${path} ${name}=${String(example)}`).toBe(200);
      }
    }
  });

  it('lists every parameter of a question: those, and no others, are taken', async () => {
    for (const path of ['/api/analytics', '/api/events']) {
      const names = (document.paths[path]?.['get']?.parameters ?? [])
        .filter(({ in: where }) => where === 'query')
        .map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(['campaign_id', 'since', 'until', 'tz', 'source', 'limit']),
      );
      for (const name of names) {
        const { status } = await fetch(`${server().url}${path}?${name}=`);
        expect(status, `${path}?${name}=`).toBe(200);
      }
    }
  });
});

describe('what is answered', () => {
  it.each([
    '/api/analytics',
    '/api/analytics?campaign_id=summer_sale',
    '/api/analytics?by=source,ad_id,product,day&timeline=true&limit=3',
    '/api/analytics?source=google&product=&since=2026-06-01',
    '/api/analytics?since=2001-01-01&until=2001-01-02',
    '/api/analytics?currency=EUR',
    '/api/events?limit=200',
    '/api/events?source=google',
    '/api/health',
    '/api/settings',
    '/api/openapi.json',
  ])('to %s has the documented shape', async (target) => {
    const answer = await fetch(`${server().url}${target}`);
    expect(answer.status).toBe(200);
    await expectDocumented(target.split('?', 1)[0] ?? '', 'get', answer);
  });

  it('to an event has the documented shape, new, known or refused', async () => {
    const event = { user_id: 'u', campaign_id: 'shape', event_id: 'shape' };
    for (const path of ['/api/click', '/api/conversion']) {
      const own = { ...event, event_id: path };
      for (const [body, status] of [
        [own, 201],
        [own, 200],
        [{ timestamp: 'never' }, 422],
        ['{', 400],
        ['x'.repeat(20_000), 413],
      ] as const) {
        const answer = await post(`${server().url}${path}`, body);
        expect(answer.status).toBe(status);
        await expectDocumented(path, 'post', answer);
      }
      const wrong = await post(`${server().url}${path}`, own, { 'content-type': 'text/plain' });
      await expectDocumented(path, 'post', wrong);
      const foreign = await post(`${server().url}${path}`, own, { origin: 'https://evil.example' });
      await expectDocumented(path, 'post', foreign);
    }
  });

  it('to a bulk request has the documented shape', async () => {
    const lines =
      '{"campaign_id":"b","user_id":"u"}\nno json\n\n{"type":"conversion","user_id":"u","amount":"x"}\n';
    await expectDocumented('/api/events', 'post', await postLines(server().url, lines));
  });

  it('to a question that cannot be answered has the documented shape', async () => {
    for (const target of [
      '/api/analytics?by=x',
      '/api/analytics?campaign_id=nobody',
      '/api/events?limit=0',
    ]) {
      const answer = await fetch(`${server().url}${target}`);
      await expectDocumented(target.split('?', 1)[0] ?? '', 'get', answer);
    }
  });

  it('on the stream has the totals of the documented report', async () => {
    const stream = await EventStream.open(server().url);
    const event = await stream.next();
    const { totals } = JSON.parse(event?.data ?? '{}') as { totals: unknown };
    const { properties = {} } = document.components.schemas['Report'] ?? {};
    expectShape(totals, properties['totals'] ?? {});
  });

  it('would be found out if it had another shape', () => {
    const { schemas } = document.components;
    const settings = { version: '0.1.0', time_zone: 'UTC', currency: 'USD', demo: 'no', ingest_command: '' };
    expect(
      faultsOf({ ...settings, more: 1 }, { $ref: '#/components/schemas/Settings' }, schemas).sort(),
    ).toEqual(['$.demo: expected boolean, got "no"', '$.more: not described', '$.report_command: missing']);
  });
});

describe('the documentation', () => {
  it('explains every problem where its type leads', async () => {
    const page = await (await fetch(`${server().url}/api/docs`)).text();
    for (const [name, [status, title]] of Object.entries(PROBLEMS)) {
      expect(page).toContain(`id="problem-${name}"`);
      expect(page).toContain(String(status));
      expect(page).toContain(title);
    }
  });

  it('has every operation and shape, and every link within it leads somewhere', async () => {
    const page = await (await fetch(`${server().url}/api/docs`)).text();
    for (const { operation } of operations()) expect(page).toContain(`id="${operation.operationId}"`);
    for (const name of Object.keys(document.components.schemas)) expect(page).toContain(`id="shape-${name}"`);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it('is a page without a script whose style is the server’s own', async () => {
    const page = await fetch(`${server().url}/api/docs`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const text = await page.text();
    expect(text).not.toContain('<script');
    const [, sheet = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(text) ?? [];
    const style = await fetch(`${server().url}${sheet}`);
    expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(await style.text()).not.toMatch(/@import|url\(/);
  });
});
