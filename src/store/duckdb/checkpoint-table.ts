/** Checkpoints as rows. */
import type { Checkpoint } from '../checkpoint.js';
import type { Cell, DuckdbSession } from './engine.js';

const COLUMNS = `run_id, input_number, name, source, device, inode, head_length, head_hash, tail_length, tail_hash,
  "offset", lines, open_offset, provisional_key, rereads`;

/** In the order of their commits. */
export async function readCheckpoints(session: DuckdbSession): Promise<Checkpoint[]> {
  return (await session.rows(`SELECT ${COLUMNS} FROM checkpoints ORDER BY committed_at`)).map((row) => ({
    runId: String(row[0]),
    inputNumber: Number(row[1]),
    name: String(row[2]),
    source: textOrNull(row[3]),
    device: bigintOrNull(row[4]),
    inode: bigintOrNull(row[5]),
    headLength: Number(row[6]),
    headHash: String(row[7]),
    tailLength: Number(row[8]),
    tailHash: String(row[9]),
    offset: Number(row[10]),
    lines: Number(row[11]),
    openOffset: row[12] == null ? null : Number(row[12]),
    provisionalKey: bigintOrNull(row[13]) ?? 0n,
    rereads: row[14] === true,
  }));
}

/**
 * Later than any that is there, also where this machine's clock is behind that of another one or was set back: of the
 * checkpoints of one name the last one counts.
 */
const COMMITTED_AT = `(SELECT greatest(now()::TIMESTAMP, max(committed_at) + INTERVAL 1 MICROSECOND) FROM checkpoints)`;

/** Puts the checkpoint in the place of the one that the same run wrote for the same input before. */
export async function writeCheckpoint(session: DuckdbSession, checkpoint: Checkpoint): Promise<void> {
  const { runId, inputNumber } = checkpoint;
  await session.run(`DELETE FROM checkpoints WHERE run_id = ? AND input_number = ?`, [runId, inputNumber]);
  const values: Cell[] = [
    runId,
    inputNumber,
    checkpoint.name,
    checkpoint.source,
    checkpoint.device,
    checkpoint.inode,
    checkpoint.headLength,
    checkpoint.headHash,
    checkpoint.tailLength,
    checkpoint.tailHash,
    checkpoint.offset,
    checkpoint.lines,
    checkpoint.openOffset,
    checkpoint.provisionalKey,
    checkpoint.rereads,
  ];
  const marks = values.map(() => '?').join(', ');
  await session.run(
    `INSERT INTO checkpoints (${COLUMNS}, committed_at) VALUES (${marks}, ${COMMITTED_AT})`,
    values,
  );
}

function textOrNull(cell: Cell | undefined): string | null {
  return typeof cell === 'string' ? cell : null;
}

function bigintOrNull(cell: Cell | undefined): bigint | null {
  return typeof cell === 'bigint' ? cell : null;
}
