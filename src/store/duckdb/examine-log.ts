/**
 * Whether the write-ahead log is whole. The engine refuses one with a wrong checksum, but where a length is wrong, or the
 * beginning, it takes what follows for a write that was never finished, and commits would be missing without a word.
 */
import { open } from 'node:fs/promises';

export type LogState =
  /** Every entry is there, to the last byte. */
  | { readonly kind: 'whole' }
  /** The last bytes are not a whole entry: what a process that was killed had not committed yet. */
  | { readonly kind: 'cut'; readonly restBytes: number }
  /** It does not begin as a log does. */
  | { readonly kind: 'foreign' };

/** The first entry names the version. Those that follow in a log of version 2 each begin with a length and a checksum. */
const VERSION_ENTRY = Buffer.from('64006265', 'hex');
const VERSION_2 = Buffer.from('640062650002ffff', 'hex');
const ENTRY_HEAD_BYTES = 16;

export async function examineLog(path: string): Promise<LogState> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const read = async (at: number, length: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
      return buffer.subarray(0, bytesRead);
    };
    const beginning = await read(0, VERSION_2.length);
    if (!beginning.equals(VERSION_2)) return unlikeVersion2(beginning);
    for (let at = VERSION_2.length; at < size;) {
      const head = await read(at, ENTRY_HEAD_BYTES);
      const end = head.length < ENTRY_HEAD_BYTES ? Infinity : at + ENTRY_HEAD_BYTES + lengthIn(head);
      if (end > size) return { kind: 'cut', restBytes: size - at };
      at = end;
    }
    return { kind: 'whole' };
  } finally {
    await file.close();
  }
}

function unlikeVersion2(beginning: Buffer): LogState {
  if (VERSION_2.subarray(0, beginning.length).equals(beginning)) {
    return beginning.length === 0 ? { kind: 'whole' } : { kind: 'cut', restBytes: beginning.length };
  }
  const isLog = beginning.subarray(0, VERSION_ENTRY.length).equals(VERSION_ENTRY);
  // One of another version: the engine knows whether it can read it.
  return { kind: isLog ? 'whole' : 'foreign' };
}

function lengthIn(head: Buffer): number {
  return Number(head.readBigUInt64LE(0));
}
