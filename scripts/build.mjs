/**
 * Bundles src/ into dist/, so that a start reads a few files instead of hundreds. What is imported dynamically stands in
 * files of its own, read when it is needed. All are CommonJS: a start without Node's loader of ES modules is shorter by
 * a third of what an empty program takes. Rolldown, as esbuild cannot split CommonJS.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** What begins on its own, as a process or a thread: src/a/b.ts becomes dist/b.cjs, whole in one file. */
const BEGINNINGS = ['src/launch.ts', 'src/launch-worker.ts', 'src/ingest/pieces/piece-worker.ts'];

/** Left where npm puts them: native code, and the server's packages, which look for files of their own. */
const EXTERNAL = ['@duckdb/node-bindings', 'fastify', '@fastify/cors', '@fastify/rate-limit', 'prom-client'];

/** Modules that are needed together, each group one file; of the rest rolldown makes files by who shares it. */
const GROUPS = [
  { name: 'start', tags: ['$initial'], priority: 3 },
  {
    name: 'answer',
    test: /[\\/]src[\\/](aggregate|event|report)[\\/]([\w-]+|render[\\/](exact-json|json|metric-fields|number-format|time-format))\.ts$/,
    priority: 2,
  },
  {
    name: 'ingest',
    test: /[\\/]src[\\/](decode|ingest|input|pipeline|commands[\\/](run-ingest|named-inputs))\b/,
    priority: 1,
  },
];

/** Commander loads child_process for subcommands that are programs of their own, of which mapipe has none. */
const withoutChildProcess = {
  name: 'without-child-process',
  resolveId: (id, importer) =>
    id === 'node:child_process' && /[\\/]commander[\\/]/.test(importer ?? '') ? '\0nothing' : null,
  load: (id) => (id === '\0nothing' ? 'module.exports = {};' : null),
};

const root = fileURLToPath(new URL('..', import.meta.url));
// The first step of a build: the others add to what is here then.
rmSync(join(root, 'dist'), { recursive: true, force: true });
await bundle('src/main.ts', { groups: GROUPS });
for (const beginning of BEGINNINGS) await bundle(beginning, false);

async function bundle(input, codeSplitting) {
  const bundler = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    external: EXTERNAL,
    plugins: [withoutChildProcess],
    transform: { target: 'node20.19' },
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  const { output } = await bundler.write({
    dir: 'dist',
    format: 'cjs',
    // Directly in dist/: packageFile() counts on it.
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    dynamicImportInCjs: false,
    codeSplitting,
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await bundler.close();
  for (const { fileName, code } of output) writeFileSync(join(root, 'dist', fileName), inAscii(code));
}

/** With one letter beyond Latin-1 V8 keeps all of a file's text at two bytes a letter, and takes longer to read it. */
function inAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
