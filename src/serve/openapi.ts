/** The OpenAPI document, made of the routes themselves: what is served is what is documented. */
import { SCHEMAS, PROBLEM_CONTENT } from './openapi-schemas.js';
import type { Operation, Response } from './openapi-types.js';
import { PROBLEMS, type ProblemName } from './problem.js';
import type { Route } from './route.js';

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Readonly<Record<string, unknown>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const { path, method, operation, ...route } of routes) {
    if (!operation) continue;
    const responses = { ...operation.responses, ...sharedRefusals(route, operation) };
    const documented = {
      ...operation,
      ...(route.scope === null ? {} : { security: [{}, { token: [route.scope] }] }),
      responses,
    };
    (paths[path] ??= {})[method.toLowerCase()] = documented;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'mapipe',
      version,
      summary: 'Campaign events in, campaign answers out.',
      description:
        'Errors are problem details (RFC 9457). Where the server has tokens, send one as a bearer.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token is good for `read` or for `ingest`.' },
      },
    },
  };
}

/** What any route may answer for reasons that are none of its own. */
function sharedRefusals(
  route: Omit<Route, 'path' | 'method' | 'operation'>,
  operation: Operation,
): Record<string, Response> {
  const names: ProblemName[] = ['misdirected-request', 'too-many-requests'];
  if (route.scope !== null) names.push('unauthorized', 'forbidden');
  if (operation.parameters?.some((parameter) => parameter.in === 'query')) names.push('invalid-question');
  if (route.body) names.push('unsupported-media-type', 'request-timeout');
  if (route.body?.kind === 'text') names.push('invalid-json', 'body-too-large');
  if (route.body?.kind === 'stream') names.push('damaged-body');
  if (route.scope !== null) names.push('store-unavailable');
  const refusals: Record<string, Response> = {};
  for (const name of names) {
    const [status, title] = PROBLEMS[name];
    if (!(String(status) in operation.responses)) {
      refusals[String(status)] = { description: `${title}.`, content: PROBLEM_CONTENT };
    }
  }
  return refusals;
}
