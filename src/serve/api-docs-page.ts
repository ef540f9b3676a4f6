/** The API's documentation for people: one page without a script, made of the OpenAPI document, readable offline. */
import { type Html, html, type Piece } from './html.js';
import type { OpenApiDocument } from './openapi.js';
import type { Content, Operation, Parameter, Schema } from './openapi-types.js';
import { PROBLEMS } from './problem.js';

const TAGS: Readonly<Record<string, readonly [title: string, about: string]>> = {
  events: ['Events in', 'Sent as they happen, or in bulk. An answer of success means that they are durable.'],
  answers: ['Answers out', 'The same questions and the same answers as on the command line.'],
  operation: ['Operation', 'For those who look after the server.'],
};

export function apiDocsPage({ info, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const schemas = Object.entries((components['schemas'] ?? {}) as Record<string, Schema>);
  const tags = Object.entries(TAGS).map(([tag, [title, about]]) => ({
    tag,
    title,
    about,
    operations: operations.filter(({ operation }) => operation.tags.includes(tag)),
  }));
  const version = String(info['version']);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>mapipe API</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/api/docs.css" />
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header>
          <p class="brand"><a href="/">mapipe</a> <span>API ${version}</span></p>
          <nav aria-label="Contents">
            ${tags.map(
              ({ tag, title, operations: listed }) =>
                html`<h2><a href="#${tag}">${title}</a></h2>
                  <ul>
                    ${listed.map(
                      ({ path, method, operation }) =>
                        html`<li>
                          <a href="#${operation.operationId}"><b>${method.toUpperCase()}</b> ${path}</a>
                        </li>`,
                    )}
                  </ul>`,
            )}
            <h2><a href="#shapes">Shapes</a></h2>
            <h2><a href="#problems">Problems</a></h2>
          </nav>
        </header>
        <main id="content">
          <h1>The mapipe API</h1>
          <p class="lead">
            Campaign events in, campaign answers out. Errors are problem details
            (<code>application/problem+json</code>). Where the server has tokens, send one as
            <code>Authorization: Bearer TOKEN</code>. For programs, the same as
            <a href="/api/openapi.json">OpenAPI 3.1</a>.
          </p>
          ${tags.map(
            ({ tag, title, about, operations: listed }) =>
              html`<section aria-labelledby="${tag}">
                <h2 id="${tag}">${title}</h2>
                <p>${about}</p>
                ${listed.map(({ path, method, operation }) => operationCard(path, method, operation))}
              </section>`,
          )}
          <section aria-labelledby="shapes">
            <h2 id="shapes">Shapes</h2>
            ${schemas.map(
              ([name, schema]) =>
                html`<article>
                  <h3 id="shape-${name}">${name}</h3>
                  ${propertyTable(schema)}
                </article>`,
            )}
          </section>
          <section aria-labelledby="problems">
            <h2 id="problems">Problems</h2>
            <p>What a request may be refused for. <code>type</code> in the answer leads here.</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Problems">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Status</th>
                    <th scope="col">Meaning</th>
                  </tr>
                </thead>
                <tbody>
                  ${Object.entries(PROBLEMS).map(
                    ([name, [status, meaning]]) =>
                      html`<tr id="problem-${name}">
                        <th scope="row"><code>${name}</code></th>
                        <td>${status}</td>
                        <td>${meaning}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>
          </section>
        </main>
      </body>
    </html> `.text;
}

function operationCard(path: string, method: string, operation: Operation): Html {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const [, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  return html`<article>
    <h3 id="${operationId}">
      <span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code>
    </h3>
    <p><strong>${summary}.</strong> ${proseOf(description ?? '')}</p>
    ${parameters.length > 0 ? parameterTable(parameters, summary) : ''}
    <h4>Try it</h4>
    <pre tabindex="0"><code>${curlOf(path, method, operation)}</code></pre>
    ${body ? html`<p>The body: ${shapeOf(body.schema)}</p>` : ''}
    <h4>Answers</h4>
    <dl>
      ${Object.entries(responses).map(
        ([status, response]) =>
          html`<dt>${status}</dt>
            <dd>
              ${response.description}
              ${Object.entries(response.content ?? {}).map(([type, content]) => contentOf(type, content))}
            </dd>`,
      )}
    </dl>
  </article>`;
}

function contentOf(type: string, { schema, example }: Content): Html {
  return html`<span class="type">${type}</span> ${schema.$ref === undefined ? '' : shapeOf(schema)}
    ${example === undefined ? '' : html`<pre tabindex="0"><code>${typeof example === 'string' ? example : JSON.stringify(example)}</code></pre>`}`;
}

function parameterTable(parameters: readonly Parameter[], summary: string): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Parameters: ${summary}">
    <table>
      <thead>
        <tr>
          <th scope="col">Parameter</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        ${parameters.map(
          ({ name, in: where, description, example }) =>
            html`<tr>
              <th scope="row">
                <code>${name}</code>${where === 'header' ? html` <span class="type">header</span>` : ''}
              </th>
              <td>
                ${proseOf(description)}${example === undefined ? '' : html`, such as <code>${String(example)}</code>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function propertyTable(schema: Schema): Html {
  return html`<dl class="shape">
    ${Object.entries(schema.properties ?? {}).map(
      ([name, property]) =>
        html`<dt>
            <code>${name}</code
            >${schema.required?.includes(name) ? '' : html` <span class="type">optional</span>`}
          </dt>
          <dd>
            ${shapeOf(property)} ${property.description === undefined ? '' : proseOf(property.description)}
            ${nestedOf(property)}
          </dd>`,
    )}
  </dl>`;
}

function nestedOf(schema: Schema): Piece {
  if (schema.properties) return propertyTable(schema);
  if (schema.items) return nestedOf(schema.items);
  return typeof schema.additionalProperties === 'object' ? nestedOf(schema.additionalProperties) : '';
}

function shapeOf({ $ref, type, enum: values, const: constant }: Schema): Html {
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? '';
    return html`<a href="#shape-${name}">${name}</a>`;
  }
  const what =
    constant !== undefined
      ? JSON.stringify(constant)
      : values
        ? values.map((value) => JSON.stringify(value)).join(' or ')
        : typeof type === 'string'
          ? type
          : (type ?? []).join(' or ');
  return html`<span class="type">${what}</span>`;
}

/** A command that works as it stands on this machine. */
function curlOf(path: string, method: string, { parameters = [], requestBody }: Operation): string {
  const query = parameters
    .filter(({ example, name }) => example !== undefined && ['campaign_id', 'since', 'by'].includes(name))
    .map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`)
    .join('&');
  const url = `http://localhost:8080${path}`;
  if (method === 'get')
    return path === '/api/stream'
      ? `curl -N ${url}`
      : `curl '${url}${query && path !== '/api/events' ? `?${query}` : ''}'`;
  const [[type, content] = ['', undefined]] = Object.entries(requestBody?.content ?? {});
  const example = content?.example;
  if (typeof example === 'string')
    return `curl ${url} -H 'Content-Type: ${type}' --data-binary @events.ndjson\n\n# events.ndjson\n${example}`;
  return `curl ${url} -H 'Content-Type: ${type}' \\\n  -d '${JSON.stringify(example)}'`;
}

/** Text in which backquotes mark code. */
function proseOf(text: string): Piece[] {
  return text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
}
