/** `mapipe doctor` as its user has it: right figures, nothing personal, one clear answer whatever has become of the file. */
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DuckdbSession } from '../../src/store/duckdb/engine.js';
import { expectedReport } from '../independent/expected-report.mjs';
import { ingest, run, SAMPLE, temporaryFolder } from '../support/cli.js';

interface DoctorBody {
  readonly schema: string;
  readonly verdict: string;
  readonly store: { readonly contents: Readonly<Record<string, unknown>> | null };
  readonly problems: readonly { readonly code: string; readonly message: string; readonly hint: string }[];
  readonly warnings: readonly unknown[];
  readonly inputs: readonly Readonly<Record<string, unknown>>[];
}

async function doctor(store: string): Promise<{ code: number | null; stderr: string; body: DoctorBody }> {
  const { code, stdout, stderr } = await run(['doctor', '--json'], { store });
  return { code, stderr, body: JSON.parse(stdout) as DoctorBody };
}

async function sampleStore(): Promise<string> {
  const store = join(temporaryFolder(), 's.duckdb');
  await ingest(store, [SAMPLE]);
  return store;
}

describe('mapipe doctor', () => {
  it('counts what a script apart from the source counts in the sample', async () => {
    const { code, stderr, body } = await doctor(await sampleStore());
    const { totals } = await expectedReport(SAMPLE);
    expect({ code, stderr, verdict: body.verdict, findings: [...body.problems, ...body.warnings] }).toEqual({
      code: 0,
      stderr: '',
      verdict: 'sound',
      findings: [],
    });
    const { campaigns, clicks, conversions, refunds, first_event_at, last_event_at, unique_users } = totals;
    expect(body.store.contents).toMatchObject({ campaigns, clicks, conversions, refunds, first_event_at });
    expect(body.store.contents).toMatchObject({ last_event_at, users: unique_users, currencies: ['USD'] });
    expect(body.inputs).toEqual([
      {
        input: SAMPLE,
        source: null,
        state: 'read',
        lines: readFileSync(SAMPLE, 'utf8').split('\n').length - 1,
        bytes: statSync(SAMPLE).size,
        file_bytes: statSync(SAMPLE).size,
        unread_bytes: 0,
      },
    ]);
  });

  it('prints nobody’s name: no user, no order, no event', async () => {
    const store = await sampleStore();
    const lines = readFileSync(SAMPLE, 'utf8').trimEnd().split('\n');
    const personal = new Set(
      lines.flatMap((line) => {
        const event = JSON.parse(line) as Record<string, string | undefined>;
        return [event['user_id'], event['order_id'], event['event_id']].filter((id) => id !== undefined);
      }),
    );
    expect(personal.size).toBeGreaterThan(2_000);
    for (const format of ['table', 'json', 'csv', 'ndjson', 'markdown']) {
      const { stdout, stderr } = await run(['doctor', '--format', format, '--verbose'], { store });
      expect(stdout).not.toBe('');
      expect([...personal].filter((id) => `${stdout}${stderr}`.includes(id))).toEqual([]);
    }
  });

  it('says within a few seconds that the store is busy, and who has it', async () => {
    const store = await sampleStore();
    // This process has it.
    const session = await DuckdbSession.open(store, { readOnly: false, memoryMiB: 64, threads: 1 });
    const startMs = performance.now();
    const { code, stdout, stderr } = await run(['doctor', '--json'], { store });
    session.close();
    expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
    expect(stderr).toContain(`has been held by process ${process.pid} for 3 s`);
    // Not the minute that others wait.
    expect(performance.now() - startMs).toBeLessThan(30_000);
  });

  it('has one clear answer wherever a store is damaged, and never a stack', async () => {
    const store = await sampleStore();
    const whole = readFileSync(store);
    const damaged = join(temporaryFolder(), 'd.duckdb');
    const places = [0, 8, 4096, 8192, 12_288, 40_000, 300_000, 700_000, whole.length - 4096];
    for (const at of places) {
      writeFileSync(damaged, Buffer.from(whole).fill(0x5a, at, at + 64), { mode: 0o600 });
      const { code, stderr, body } = await doctor(damaged);
      expect(stderr, `at ${at}`).toBe('');
      expect(body.schema).toBe('mapipe.doctor/1');
      // What nothing uses may hold anything.
      if (code === 0) expect(body.store.contents).toMatchObject({ events: 5071 });
      else expect({ code, problems: body.problems.length }, `at ${at}`).toEqual({ code: 1, problems: 1 });
      expect(body.verdict, `at ${at}`).toBe(code === 0 ? 'sound' : 'damaged');
    }
  });

  it('has one clear answer, too, where the engine dies of what it reads', async () => {
    const store = await sampleStore();
    const crash = join(temporaryFolder(), 'crash.cjs');
    writeFileSync(crash, `if (process.env.MAPIPE_EXAMINES_APART) process.kill(process.pid, 'SIGSEGV');`);
    const env = { NODE_OPTIONS: `--require "${crash}"` };
    const { code, stdout, stderr } = await run(['doctor'], { store, env });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(
      /^1 problem\n.*\n\nproblem unreadable\n {2}the store cannot be read: its engine died of it \(SIGSEGV\)\.\n {2}→ .*\n$/,
    );
  });

  it('is not taken for damage when somebody ends the examination', async () => {
    const store = await sampleStore();
    const end = join(temporaryFolder(), 'end.cjs');
    writeFileSync(end, `if (process.env.MAPIPE_EXAMINES_APART) process.kill(process.pid, 'SIGKILL');`);
    const { code, stdout, stderr } = await run(['doctor'], {
      store,
      env: { NODE_OPTIONS: `--require "${end}"` },
    });
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'mapipe: the examination ended early (SIGKILL) (run it again)\n',
    });
  });

  it('tells damage also where only the inputs are asked for', async () => {
    const store = join(temporaryFolder(), 's.duckdb');
    copyFileSync(SAMPLE, store);
    const { code, stdout, stderr } = await run(['doctor', '--format', 'csv'], { store });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: 'input,source,state,lines,bytes,file_bytes,unread_bytes\r\n',
    });
    expect(stderr).toMatch(
      /^problem not_a_store\n {2}.*is not a mapipe store: its content is not a DuckDB database\.\n/,
    );
  });
});
