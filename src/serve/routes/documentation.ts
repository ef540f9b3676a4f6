/** `GET /api/openapi.json` and the pages at `/api/docs` that say the same to people. */
import { apiDocsPage } from '../api-docs-page.js';
import { API_DOCS_STYLE } from '../api-docs-style.js';
import { openApiDocument } from '../openapi.js';
import { json, type Route } from '../route.js';

/** Documents the given routes and its own. */
export function documentationRoutes(others: readonly Route[], version: string): Route[] {
  const own: Route[] = [
    {
      method: 'GET',
      path: '/api/openapi.json',
      scope: null,
      operation: {
        operationId: 'get_openapi',
        tags: ['operation'],
        summary: 'This API as an OpenAPI 3.1 document',
        responses: {
          '200': {
            description: 'The document.',
            content: { 'application/json': { schema: { type: 'object' } } },
          },
        },
      },
      handle: () => Promise.resolve(json(200, documentText)),
    },
    page('/api/docs', 'text/html; charset=utf-8', () => html),
    page('/api/docs.css', 'text/css; charset=utf-8', () => API_DOCS_STYLE),
  ];
  const document = openApiDocument([...others, ...own], version);
  const documentText = `${JSON.stringify(document, null, 2)}\n`;
  const html = apiDocsPage(document);
  return own;
}

function page(path: string, contentType: string, body: () => string): Route {
  return {
    method: 'GET',
    path,
    scope: null,
    handle: () =>
      Promise.resolve({
        status: 200,
        headers: { 'content-type': contentType, 'cache-control': 'no-cache' },
        body: body(),
      }),
  };
}
