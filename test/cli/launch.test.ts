/** What V8 made of the files when they were built makes a start shorter; nothing depends on it. */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environment, PROJECT, SAMPLE, temporaryFolder } from '../support/cli.js';

interface Installed {
  readonly launcher: string;
  /** The files that V8 made. */
  readonly code: readonly string[];
}

/** A copy of the package, as it is installed elsewhere. */
function installed(): Installed {
  const folder = temporaryFolder();
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  const code = join(folder, 'dist/code');
  const [made = ''] = readdirSync(code);
  return {
    launcher: join(folder, 'bin/mapipe.js'),
    code: readdirSync(join(code, made)).map((name) => join(code, made, name)),
  };
}

/** The campaigns of the sample, by the copy. */
function campaignsBy({ launcher }: Installed): unknown {
  const args = [launcher, 'ingest', SAMPLE, '--no-store', '--json', '--quiet'];
  const json = execFileSync(process.execPath, args, { encoding: 'utf8', env: environment({}) });
  return (JSON.parse(json) as { report: { campaigns: unknown } }).report.campaigns;
}

describe('the launcher', () => {
  it('answers alike where the code that was made is missing, cut off or something else', () => {
    const whole = installed();
    const expected = campaignsBy(whole);
    expect(whole.code.length).toBeGreaterThan(10);
    expect(expected).toHaveLength(6);

    const without = installed();
    rmSync(join(without.launcher, '../../dist/code'), { recursive: true });
    expect(campaignsBy(without)).toEqual(expected);

    const incomplete = installed();
    for (const file of incomplete.code.filter((_, i) => i % 2 === 0)) rmSync(file);
    expect(campaignsBy(incomplete)).toEqual(expected);

    const cutOff = installed();
    for (const file of cutOff.code) truncateSync(file, Math.floor(readFileSync(file).length / 2));
    expect(campaignsBy(cutOff)).toEqual(expected);

    const spoilt = installed();
    for (const file of spoilt.code) writeFileSync(file, 'no code');
    expect(campaignsBy(spoilt)).toEqual(expected);
  });

  it('takes none that was made of a source of another length', () => {
    const changed = installed();
    const main = join(changed.launcher, '../../dist/main.cjs');
    const source = readFileSync(main, 'utf8');
    writeFileSync(main, source.replace('Stream raw logs', 'Stream all raw logs'));
    const help = execFileSync(process.execPath, [changed.launcher, '--help'], { encoding: 'utf8' });
    expect(help).toContain('Stream all raw logs into campaign answers.');
  });
});
