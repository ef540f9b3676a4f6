/**
 * Bundles src/dashboard into dist/dashboard: index.html, and under assets/ what it names, with a hash of its content in
 * each name so that browsers may keep it for good.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src/dashboard');
const target = join(root, 'dist/dashboard');

/** What index.html names by its source → the bundle's name and how it is made. */
const assets = [
  { source: 'app.ts', name: 'app.js', options: { format: 'esm' } },
  { source: 'theme-early.ts', name: 'theme.js', options: { format: 'iife' } },
  { source: 'styles/main.css', name: 'app.css', options: {} },
  { source: 'icon.svg', name: 'icon.svg', options: null },
];

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, 'assets'), { recursive: true });

const written = await Promise.all(assets.map(writeAsset));
let page = readFileSync(join(source, 'index.html'), 'utf8');
for (const { source, path } of written) {
  if (!page.includes(`"${source}"`)) throw new Error(`src/dashboard/index.html does not name ${source}`);
  page = page.replace(`"${source}"`, `"${path}"`);
}
writeFileSync(join(target, 'index.html'), page);

async function writeAsset({ source: from, name, options }) {
  const bytes = options === null ? readFileSync(join(source, from)) : await bundled(from, options);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const file = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  writeFileSync(join(target, 'assets', file), bytes);
  return { source: from, path: `/assets/${file}` };
}

async function bundled(from, options) {
  const { outputFiles } = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: [join(source, from)],
    bundle: true,
    minify: true,
    target: 'es2022',
    legalComments: 'none',
    charset: 'utf8',
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0].contents;
}
