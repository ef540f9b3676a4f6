import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FOLLOW_TIMES } from '../../../src/ingest/follow/follow-request.js';
import { Follower } from '../../../src/ingest/follow/follower.js';
import type { IngestRequest } from '../../../src/ingest/ingest-request.js';
import { ingest } from '../../../src/pipeline.js';
import { OPTIONS } from '../../decode/decoding.js';
import { MemoryStore, SharedRows } from '../../faults/rotation-store.js';
import { temporaryFolder } from '../../support/cli.js';

function requestOf(rows: SharedRows, ...inputs: string[]): IngestRequest {
  return {
    inputs,
    format: 'auto',
    decode: OPTIONS,
    store: new MemoryStore(rows),
    sourceName: null,
    rejectsPath: null,
    timeZone: 'UTC',
    signal: new AbortController().signal,
  };
}

async function following(rows: SharedRows, ...inputs: string[]): Promise<Follower> {
  const follower = await Follower.start(requestOf(rows, ...inputs), FOLLOW_TIMES);
  onTestFinished(() => follower.close());
  return follower;
}

function lines(first: number, count: number): string {
  return Array.from(
    { length: count },
    (_, i) => `{"campaign_id":"c","user_id":"u${first + i}","timestamp":1780272000}\n`,
  ).join('');
}

describe('a follower', () => {
  it('reads what a log was between two that are known, as where a run ended before it came to that', async () => {
    const rows = new SharedRows();
    const log = join(temporaryFolder(), 'app.log');
    writeFileSync(`${log}.3`, lines(0, 30));
    writeFileSync(`${log}.2`, lines(30, 30));
    writeFileSync(`${log}.1`, lines(60, 30));
    writeFileSync(log, lines(90, 30));
    for (const known of [`${log}.3`, `${log}.1`]) await ingest(requestOf(rows, known));
    const follower = await following(rows, log);
    await follower.round();
    const users = rows.rows.map(({ user }) => user).sort();
    expect(users).toEqual(Array.from({ length: 120 }, (_, i) => `u${i}`).sort());
  });

  it('says that it cannot tell a format yet, and reads all from the first line once it can', async () => {
    const rows = new SharedRows();
    const log = join(temporaryFolder(), 'app.log');
    writeFileSync(log, 'starting up\n');
    const said: string[] = [];
    const request = { ...requestOf(rows, log), onNotice: (text: string) => void said.push(text) };
    const follower = await Follower.start(request, FOLLOW_TIMES);
    onTestFinished(() => follower.close());
    await follower.round();
    await follower.round();
    expect(said).toEqual([
      `${log} is in no format that can be told yet: waiting for more of it (or name it with --input-format)`,
    ]);
    appendFileSync(log, lines(0, 3));
    await follower.round();
    expect(rows.rows.map(({ user }) => user)).toEqual(['u0', 'u1', 'u2']);
    expect(follower.result().summary).toMatchObject({ lines: 4, accepted: 3, rejected: 1 });
  });

  it('stores a line once that two files with one content get in the same round', async () => {
    const rows = new SharedRows();
    const folder = temporaryFolder();
    const paths = [join(folder, 'a.log'), join(folder, 'b.log')];
    for (const path of paths) writeFileSync(path, lines(0, 3));
    const follower = await following(rows, ...paths);
    await follower.round();
    for (const path of paths) appendFileSync(path, lines(3, 2));
    await follower.round();
    expect(rows.rows.map(({ user }) => user)).toEqual(['u0', 'u1', 'u2', 'u3', 'u4']);
  });

  it('reads what is large on several threads, and goes on behind it, also after a rename', async () => {
    const rows = new SharedRows();
    const log = join(temporaryFolder(), 'app.log');
    writeFileSync(log, lines(0, 10));
    const follower = await following(rows, log);
    await follower.round();
    // About 33 MB, more than one thread is left with.
    appendFileSync(log, lines(10, 500_000) + '{"campaign_id":"c","user_id":"u500010",');
    await follower.round();
    expect(rows.rows).toHaveLength(500_010);
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, `"timestamp":1780272000}\n`);
    writeFileSync(log, lines(500_011, 5));
    await follower.round();
    const counts = await rows.counts();
    expect([counts.size, rows.rows.length]).toEqual([500_016, 500_016]);
  });

  it('keeps one checkpoint of a file, however often another process was faster', async () => {
    const rows = new SharedRows();
    const log = join(temporaryFolder(), 'app.log');
    writeFileSync(log, lines(0, 1));
    const both = [await following(rows, log), await following(rows, log)];
    for (let i = 1; i <= 20; i++) {
      appendFileSync(log, lines(i, 1));
      // By turns the one, then the other is first.
      for (const follower of both.reverse()) await follower.round();
    }
    expect(rows.rows).toHaveLength(21);
    expect(rows.checkpoints.length).toBeLessThanOrEqual(2);
  });

  it('reads a line anew that somebody else has stored while it was open', async () => {
    const rows = new SharedRows();
    const log = join(temporaryFolder(), 'app.log');
    const [whole, begun, rest] = [lines(0, 1), '{"campaign_id":"c",', '"user_id":"u1"}\n'];
    writeFileSync(log, whole + begun);
    await ingest(requestOf(rows, log));
    const follower = await following(rows, log);
    await follower.round();
    appendFileSync(log, rest);
    await follower.round();
    expect(rows.rows.map(({ user }) => user)).toEqual(['u0', 'u1']);
  });

  it('leaves a copy alone for as long as it is being made', async () => {
    const rows = new SharedRows();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.log'), lines(0, 100));
    const follower = await following(rows, join(folder, 'a.log'), join(folder, 'b.log'));
    await follower.round();
    writeFileSync(join(folder, 'b.log'), lines(0, 50));
    await follower.round();
    appendFileSync(join(folder, 'b.log'), lines(50, 50));
    await follower.round();
    expect(rows.rows).toHaveLength(100);
  });

  it('waits for what a compressed file that has just been begun will hold', async () => {
    const rows = new SharedRows();
    const path = join(temporaryFolder(), 'app.log.1.gz');
    writeFileSync(path, '');
    const follower = await Follower.start(requestOf(rows, path), { ...FOLLOW_TIMES, settleMs: 0 });
    onTestFinished(() => follower.close());
    await follower.round();
    writeFileSync(path, gzipSync(lines(0, 3)));
    await follower.round();
    expect(rows.rows).toHaveLength(3);
  });
});
