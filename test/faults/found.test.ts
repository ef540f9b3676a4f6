/** Faults that were found by using mapipe as its users do, each with what must hold instead. */
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { finish, ingest, PROJECT, report, run, SAMPLE, start, temporaryFolder } from '../support/cli.js';

const ACCESS =
  '192.0.2.1 - - [01/Jun/2026:00:00:00 +0000] "GET /?utm_campaign=a HTTP/1.1" 200 1 "-" "Mozilla/5.0"';

function order(user: string, day: number, amount: number, id: string): string {
  return `type=conversion user_id=${user} campaign_id=a ts=2026-06-0${day}T00:00:00Z amount=${amount} order_id=${id}`;
}

describe('an input', () => {
  it('whose first line is longer than the sample is told by the lines that follow', async () => {
    const folder = temporaryFolder();
    const long = ACCESS.replace('/?', `/${'x'.repeat(100_000)}?`);
    writeFileSync(
      join(folder, 'a.log'),
      `${[long, ...Array.from({ length: 100 }, () => ACCESS)].join('\n')}\n`,
    );
    expect(await ingest(join(folder, 's.duckdb'), [join(folder, 'a.log'), '--include-bots'])).toMatchObject({
      lines: 101,
      accepted: 101,
    });
  });

  it('of NULs is refused, not taken for an empty log', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'nul'), Buffer.alloc(100_000));
    const { code, stderr } = await run(['ingest', join(folder, 'nul')], { store: join(folder, 's.duckdb') });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mapipe: expected a text log, but .* is binary data[^\n]*\n$/);
  });

  it('read in a wrong format, so that every line was rejected, can be read again in the right one', async () => {
    const folder = temporaryFolder();
    const store = join(folder, 's.duckdb');
    const csv = join(PROJECT, 'data/sample_logs.csv');
    expect(await ingest(store, [csv, '--input-format', 'combined'])).toMatchObject({
      accepted: 0,
      rejected: 5087,
    });
    expect(await ingest(store, [csv])).toMatchObject({ accepted: 5071 });
  });

  it('with a stray quote on every hundredth row loses no other row', async () => {
    const folder = temporaryFolder();
    const rows = Array.from({ length: 60_000 }, (_, i) =>
      i % 100 === 50 ? `a,u${i},19" rack` : `a,u${i},p`,
    );
    writeFileSync(join(folder, 'a.csv'), `campaign_id,user_id,product\n${rows.join('\n')}\n`);
    const store = join(folder, 's.duckdb');
    expect(await ingest(store, [join(folder, 'a.csv')])).toMatchObject({ accepted: 59_400, rejected: 600 });
    expect((await report(store)).totals).toMatchObject({
      campaigns: 1,
      clicks: 59_400,
      unique_users: 59_400,
    });
  });
});

describe('an event whose line had no end yet', () => {
  it('does not keep out another file’s event of the identity that it only seemed to have', async () => {
    const folder = temporaryFolder();
    const store = join(folder, 's.duckdb');
    const [first, second] = [join(folder, '1.log'), join(folder, '2.log')];
    writeFileSync(first, order('u1', 1, 5, '1'));
    await ingest(store, [first]);
    writeFileSync(second, `${order('u2', 2, 7, '1')}\n`);
    await ingest(store, [second]);
    appendFileSync(first, '23\n');
    await ingest(store, [first]);
    expect((await report(store)).totals).toMatchObject({ conversions: 2, revenue: 12 });
  });

  it('is the one kept, if it is the earlier, once its line has ended', async () => {
    for (const openFirst of [true, false]) {
      const folder = temporaryFolder();
      const store = join(folder, 's.duckdb');
      const [open, other] = [join(folder, '1.log'), join(folder, '2.log')];
      writeFileSync(open, order('u1', 1, 5, '1'));
      writeFileSync(other, `${order('u2', 2, 9, '1')}\n`);
      for (const file of openFirst ? [open, other] : [other, open]) await ingest(store, [file]);
      appendFileSync(open, '\n');
      await ingest(store, [open]);
      expect((await report(store)).totals, `open first: ${openFirst}`).toMatchObject({
        conversions: 1,
        revenue: 5,
      });
    }
  });

  it('counts once when the file and its grown copy come in one command', async () => {
    const folder = temporaryFolder();
    const lines = ['campaign_id=a user_id=u1 ts=1780272000', 'campaign_id=a user_id=u2 ts=1780272000'];
    writeFileSync(join(folder, '1.log'), lines.join('\n'));
    writeFileSync(join(folder, '2.log'), `${lines.join('\n')} source=google\n`);
    const store = join(folder, 's.duckdb');
    await ingest(store, [join(folder, '1.log'), join(folder, '2.log')]);
    expect((await report(store)).totals).toMatchObject({ clicks: 2 });
  });
});

describe('an interruption', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s ends an ingest that waits for its input, in order',
    async (signal) => {
      const folder = temporaryFolder();
      const child = start(['ingest'], { store: join(folder, 's.duckdb') });
      const line = '{"campaign_id":"a","user_id":"u1","timestamp":1780272000}\n';
      child.stdin?.write(line);
      await sleep(2500);
      child.kill(signal);
      const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
      expect(await exited).toBe(130);
      expect((await report(join(folder, 's.duckdb'))).totals).toMatchObject({ clicks: 1 });
    },
  );
});

describe('a stream', () => {
  it('whose header comes in two pieces is read as one', async () => {
    const child = start(['ingest', '--input-format', 'csv', '--json', '--quiet', '--no-store']);
    child.stdin?.write('timestamp,camp');
    await sleep(500);
    const { stdout } = await finish(child, 'aign_id,user_id\n1780272000,a,u\n');
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 1, rejected: 0 });
  });

  it('is told in the closing words to be gone, not to be resumed', async () => {
    const folder = temporaryFolder();
    const input = '{"campaign_id":"a","user_id":"u1","timestamp":1780272000}\n';
    const { stderr } = await run(['ingest', '-'], { store: join(folder, 's.duckdb'), input });
    expect(stderr).toContain('stdin cannot be read again');
    expect(stderr).not.toContain('run the same command again');
  });
});

describe('a store', () => {
  it('is not made of a log that --store names by mistake', async () => {
    const folder = temporaryFolder();
    const log = join(folder, 'app.ndjson');
    copyFileSync(SAMPLE, log);
    const { code, stderr } = await run(['ingest', SAMPLE, '--store', log, '--quiet']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mapipe: [^\n]* is not a mapipe store[^\n]*\n$/);
    expect(readFileSync(log).equals(readFileSync(SAMPLE))).toBe(true);
  });

  it('in a folder that cannot be made is one clear line', async () => {
    const input = join(PROJECT, 'data/sample_logs.txt');
    const { code, stderr } = await run(['ingest', input, '--store', '/dev/null/x/s.duckdb', '--quiet']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mapipe: cannot create the folder of the store [^\n]*\n$/);
  });
});
