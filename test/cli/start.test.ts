/** A start is short because a command loads only what it needs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ingest, LAUNCHER, PROJECT, run, SAMPLE, temporaryFolder } from '../support/cli.js';

interface Loaded {
  readonly files: number;
  /** How many of them V8 did not have to compile. */
  readonly compiled: number;
  /** By their paths, such as `src/errors.ts`. */
  readonly modules: readonly string[];
  readonly packages: readonly string[];
  /** Of Node's modules those that take time and are not always there. */
  readonly builtIns: readonly string[];
}

const COSTLY = ['child_process', 'http', 'http2', 'zlib'];
const PRELOAD = join(PROJECT, 'test/support/list-loaded.cjs');
/** A few lines, which read the other files. */
const LAUNCH = join(PROJECT, 'dist/launch.cjs');

async function loadedBy(args: readonly string[], options: { store?: string; input?: Buffer } = {}) {
  const list = join(temporaryFolder(), 'loaded.json');
  const env = { NODE_OPTIONS: `--require "${PRELOAD}"`, LOADED_LIST: list };
  const { code, stderr } = await run(args, { ...options, env });
  expect(code, stderr).toBe(0);
  const { files, builtIns, compiled } = JSON.parse(readFileSync(list, 'utf8')) as Record<string, string[]>;
  const own = (files ?? []).filter((file) => ![PRELOAD, LAUNCHER, LAUNCH].includes(file));
  return { ...loadedFrom(own, builtIns ?? []), compiled: compiled?.length ?? 0 };
}

/** A bundle names each module in a comment above it. */
function loadedFrom(files: readonly string[], builtIns: readonly string[]): Omit<Loaded, 'compiled'> {
  const paths = files.flatMap((file) =>
    file.startsWith(join(PROJECT, 'dist'))
      ? [...readFileSync(file, 'utf8').matchAll(/^\/\/ ((?:src|node_modules)\/.+)$/gm)].map(
          ([, path = '']) => path,
        )
      : [file],
  );
  const packages = paths.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
  return {
    files: files.length,
    modules: paths.filter((path) => path.startsWith('src/')),
    packages: [...new Set(packages.filter((name) => name !== undefined))].sort(),
    builtIns: builtIns.filter((name) => COSTLY.includes(name)),
  };
}

function among(modules: readonly string[], rooms: RegExp): string[] {
  return modules.filter((path) => rooms.test(path));
}

describe('a start', () => {
  it('reads one file for the help, with the table of commands and without what they do', async () => {
    const { files, compiled, modules, packages, builtIns } = await loadedBy(['--help']);
    expect(files).toBe(1);
    expect(compiled).toBe(1);
    expect(modules).toContain('src/commands/ingest.ts');
    expect(among(modules, /^src\/(input|ingest|pipeline|serve|store\/duckdb|commands\/run-)/)).toEqual([]);
    expect(packages).toEqual(['commander']);
    expect(builtIns).toEqual([]);
  });

  it('loads no engine, server or table to ingest a plain file into JSON', async () => {
    const args = ['ingest', SAMPLE, '--no-store', '--json', '--quiet'];
    const { files, compiled, modules, packages, builtIns } = await loadedBy(args);
    expect(files).toBeLessThan(6);
    expect(compiled).toBe(files);
    expect(modules).toContain('src/pipeline.ts');
    expect(among(modules, /^src\/(serve|store\/duckdb|report\/render\/(report-table|text-width))/)).toEqual(
      [],
    );
    expect(among(packages, /duckdb|cli-table3|string-width|chalk|tinyglobby/)).toEqual([]);
    expect(builtIns).toEqual([]);
  });

  it('loads zlib where the input is compressed', async () => {
    const input = gzipSync(readFileSync(SAMPLE));
    expect((await loadedBy(['ingest', '--no-store', '--json'], { input })).builtIns).toEqual(['zlib']);
  });

  it('loads the engine for a report, but nothing that reads logs, draws tables or serves', async () => {
    const store = join(temporaryFolder(), 's.duckdb');
    await ingest(store, [SAMPLE]);
    const { modules, packages } = await loadedBy(['report', '--json'], { store });
    expect(modules).toContain('src/store/duckdb/engine.ts');
    expect(among(modules, /^src\/(input|ingest|serve|report\/render\/(report-table|text-width))/)).toEqual(
      [],
    );
    expect(packages.filter((name) => !name.startsWith('@duckdb/'))).toEqual(['commander', 'detect-libc']);
  });

  it('loads no engine for the doctor, as another process looks into the store', async () => {
    const store = join(temporaryFolder(), 's.duckdb');
    await ingest(store, [SAMPLE]);
    const { modules } = await loadedBy(['doctor', '--json'], { store });
    expect(modules).toContain('src/input/known-inputs.ts');
    expect(
      among(modules, /^src\/(serve|store\/duckdb|report\/render\/(report-table|doctor-text|text-width))/),
    ).toEqual([]);
  });
});
