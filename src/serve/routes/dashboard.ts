/** The dashboard's files, all read at the start: no path of a request ever reaches the file system. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notModified } from '../revalidation.js';
import type { Route } from '../route.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/** Names of assets hold a hash of their content, so that they can be kept for good. */
const FOR_GOOD = 'public, max-age=31536000, immutable';

/** `folder`: what the dashboard's build wrote. */
export function dashboardRoutes(folder: URL): Route[] {
  if (!existsSync(fileURLToPath(folder)))
    throw new Error(`the dashboard is not built: ${folder.pathname} is missing`);
  return [
    fileRoute('/', new URL('index.html', folder), 'no-cache'),
    ...namesIn(folder)
      .filter((name) => name !== 'index.html')
      .map((name) => fileRoute(`/${name}`, new URL(name, folder), 'no-cache')),
    ...namesIn(new URL('assets/', folder)).map((name) =>
      fileRoute(`/assets/${name}`, new URL(`assets/${name}`, folder), FOR_GOOD),
    ),
  ];
}

function namesIn(folder: URL): string[] {
  const entries = readdirSync(fileURLToPath(folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

function fileRoute(path: string, file: URL, cacheControl: string): Route {
  const body = readFileSync(file);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = {
    'content-type': CONTENT_TYPES[extname(file.pathname)] ?? 'application/octet-stream',
    'cache-control': cacheControl,
    etag,
  };
  return {
    method: 'GET',
    path,
    scope: null,
    handle: ({ header }) =>
      Promise.resolve(
        header('if-none-match')?.includes(etag) ? notModified(etag) : { status: 200, headers, body },
      ),
  };
}
