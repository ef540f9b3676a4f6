/** The documents are true: the README's commands run, the architecture page names what is there. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environment, LAUNCHER, PROJECT, temporaryFolder } from './support/cli.js';
import { startServer } from './support/server.js';

const README = readFileSync(join(PROJECT, 'README.md'), 'utf8');

/** The commands in the README's shell blocks, without their comments. */
function commands(): string[] {
  return [...README.matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block = '']) => block.trimEnd().split('\n'))
    .map((line) => line.replace(/\s+#.*$/, ''));
}

const SET_UP = 'npm install && npx mapipe ingest data/sample_logs.txt';
const TEST = 'npm install && npm test';

function isOfServer(command: string): boolean {
  return command.includes('mapipe serve') || command.startsWith('curl ');
}

describe('the README', () => {
  it('has one command that sets everything up and one that runs the tests', () => {
    expect(commands().slice(0, 2)).toEqual([SET_UP, TEST]);
    // The tests cannot run themselves: the gate runs this very line, and fails if the README has another.
    expect(readFileSync(join(PROJECT, '.ci/run'), 'utf8')).toContain(`'${TEST}'`);
  });

  it('sets up a fresh clone by that command', () => {
    const folder = temporaryFolder();
    const files = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
      cwd: PROJECT,
      encoding: 'utf8',
    });
    const clone = join(folder, 'clone');
    for (const file of files.stdout
      .split('\0')
      .filter((name) => name !== '' && existsSync(join(PROJECT, name)))) {
      cpSync(join(PROJECT, file), join(clone, file));
    }
    const env = environment({ store: join(folder, 's.duckdb') });
    const { status, stdout, stderr } = spawnSync('bash', ['-c', SET_UP], {
      cwd: clone,
      env,
      encoding: 'utf8',
    });
    expect(stderr).toContain('5,086 lines = 5,071 accepted + 15 duplicates + 0 ignored + 0 rejected');
    expect(stdout).toContain('summer_sale');
    expect(status).toBe(0);
  }, 300_000);

  it.each(
    commands()
      .slice(2)
      .filter((command) => !isOfServer(command)),
  )('%s', (command) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/mapipe'), `#!/bin/sh\nexec "${process.execPath}" "${LAUNCHER}" "$@"\n`, {
      mode: 0o755,
    });
    symlinkSync(join(PROJECT, 'data'), join(folder, 'data'));
    cpSync(join(PROJECT, 'data/sample_logs.txt'), join(folder, 'app.log'));
    mkdirSync(join(folder, 'logs'));
    cpSync(join(PROJECT, 'data/sample_logs.txt'), join(folder, 'logs/a.log'));
    const env = {
      ...environment({ store: join(folder, 's.duckdb') }),
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    };
    if (/^mapipe (report|doctor)/.test(command)) {
      spawnSync('bash', ['-c', 'mapipe ingest app.log'], { cwd: folder, env });
    }
    // What has no end is ended as a person would.
    const follows = command.includes('--follow');
    const bounded = command
      .replace(/^tail -f/, 'timeout 2 tail -f')
      .replace(/^mapipe ingest --follow/, 'timeout --preserve-status -s INT 4 $&');
    const { status, stdout, stderr } = spawnSync('bash', ['-c', bounded], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(stderr).not.toMatch(/^mapipe: /m);
    expect(status).toBe(follows ? 130 : 0);
    if (!command.startsWith('mapipe doctor')) expect(stdout).toMatch(/campaign/i);
  });

  it.each(commands().filter((command) => command.includes('mapipe serve')))('%s', (command) => {
    const folder = temporaryFolder();
    cpSync(join(PROJECT, 'data/sample_logs.txt'), join(folder, 'app.log'));
    symlinkSync(join(PROJECT, 'data'), join(folder, 'data'));
    mkdirSync(join(folder, 'bin'));
    // Ended as a person would, by Ctrl-C; on a port of its own, as 8080 may be taken.
    const launcher = `#!/bin/sh\nPORT=0 exec timeout -s INT 4 "${process.execPath}" "${LAUNCHER}" "$@"\n`;
    writeFileSync(join(folder, 'bin/mapipe'), launcher, { mode: 0o755 });
    const { stderr } = spawnSync('bash', ['-c', command.replace('tail -f', 'timeout 4 tail -f')], {
      cwd: folder,
      env: {
        ...environment({ store: join(folder, 's.duckdb') }),
        PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      },
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^mapipe serves http:\/\/localhost:\d+$/m);
    expect(stderr).not.toMatch(/^mapipe: /m);
    if (command.includes('sample_logs')) expect(stderr).toContain('5,086 lines = 5,071 accepted');
    // `tail` begins ten lines before the end.
    if (command.includes('tail')) expect(stderr).toContain('10 lines = 10 accepted');
  });

  it('calls the API as it answers', async () => {
    const server = await startServer();
    const answers = commands()
      .filter((command) => command.startsWith('curl '))
      .map((command) => {
        const here = command.replace('http://localhost:8080', server.url);
        const { stdout } = spawnSync('bash', ['-c', `${here} -s -w '\n%{http_code}'`], {
          cwd: PROJECT,
          encoding: 'utf8',
        });
        const end = stdout.lastIndexOf('\n');
        return { status: Number(stdout.slice(end)), body: JSON.parse(stdout.slice(0, end)) as unknown };
      });
    // The sample (1,681 clicks and 173 conversions of summer_sale), and the click and the conversion sent before it.
    expect(answers).toMatchObject([
      { status: 201, body: { status: 'stored' } },
      { status: 201, body: { status: 'stored' } },
      { status: 200, body: { lines: 5086, accepted: 5071, duplicates: 15, ignored: 0, rejected: 0 } },
      { status: 200, body: { totals: { clicks: 1682, conversions: 174, revenue: 10755.61 } } },
      { status: 200, body: { status: 'ok' } },
    ]);
  });
});

describe('the architecture page', () => {
  const page = readFileSync(join(PROJECT, 'docs/ARCHITECTURE.md'), 'utf8');

  it('stays under 200 lines', () => {
    expect(page.split('\n').length).toBeLessThan(200);
  });

  it('names only files and folders that are there', () => {
    const named = [...page.matchAll(/`((?:src|bin|test|scripts|docs|data)\/[\w./-]*)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([]);
  });
});

describe('the lock file', () => {
  // Without the others', an install on another system has no store, and `npm ci` refuses the file.
  it('names the packages of every system that one of its packages may need', () => {
    interface LockedPackage {
      readonly optionalDependencies?: Readonly<Record<string, string>>;
    }
    const lock = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, LockedPackage>>;
    };
    const locked = Object.entries(lock.packages);
    const needed = locked.flatMap(([, { optionalDependencies = {} }]) => Object.keys(optionalDependencies));
    expect(needed).toContain('@duckdb/node-bindings-darwin-arm64');
    expect(needed.filter((name) => !locked.some(([path]) => path.endsWith(`node_modules/${name}`)))).toEqual(
      [],
    );
  });
});
