/** Makes an input that shows a fault as small as can be found in a little time. */

const MAX_TRIES = 1_500;
const MAX_MS = 25_000;

export type Shows = (input: Buffer) => Promise<boolean>;

/** First whole lines are dropped, then runs of bytes, then single ones. */
export async function shrink(input: Buffer, shows: Shows): Promise<Buffer> {
  const until = performance.now() + MAX_MS;
  let tries = 0;
  const showsStill: Shows = async (candidate) => {
    if (tries++ >= MAX_TRIES || performance.now() > until) return false;
    return shows(candidate);
  };
  const lines = await dropParts(linesOf(input), showsStill);
  const bytes = Array.from(Buffer.concat(lines), (byte) => Buffer.of(byte));
  return Buffer.concat(await dropParts(bytes, showsStill));
}

/** Delta debugging: drops ever smaller runs of parts, as long as the fault shows without them. */
async function dropParts(all: readonly Buffer[], shows: Shows): Promise<readonly Buffer[]> {
  let parts = all;
  for (let run = Math.ceil(parts.length / 2); run >= 1; run = run === 1 ? 0 : Math.ceil(run / 2)) {
    for (let at = 0; at < parts.length;) {
      const fewer = [...parts.slice(0, at), ...parts.slice(at + run)];
      if (fewer.length < parts.length && (await shows(Buffer.concat(fewer)))) parts = fewer;
      else at += run;
    }
  }
  return parts;
}

function linesOf(input: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < input.length;) {
    const lineFeed = input.indexOf(10, at);
    const end = lineFeed < 0 ? input.length : lineFeed + 1;
    lines.push(input.subarray(at, end));
    at = end;
  }
  return lines;
}
