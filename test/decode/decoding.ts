/** What the tests of decoding share: plain options, one line through a format, and a whole input through the stream. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DecodedBatch, RejectedLine } from '../../src/decode/decoded-batch.js';
import type { DecodeOptions, FormatName } from '../../src/decode/format.js';
import { formatNamed } from '../../src/decode/formats.js';
import type { LineOutcome } from '../../src/decode/outcome.js';
import type { DecoderStart } from '../../src/decode/line-reader.js';
import { createReferenceDecoder } from '../../src/decode/reference-decoder.js';
import { eventAt } from '../../src/event/event-batch.js';
import type { Event } from '../../src/event/event.js';

export const RECEIVED_AT = 1_780_000_000_000_000n;

export const OPTIONS: DecodeOptions = {
  defaultCurrency: 'USD',
  inputZone: 'UTC',
  receivedAtMicros: () => RECEIVED_AT,
  fieldPaths: new Map(),
  goals: [],
  includeBots: false,
};

/** What one line means in a format; `firstLine` is the header, where there is one. */
export function decodeLine(
  format: FormatName,
  line: string,
  options: Partial<DecodeOptions> = {},
  firstLine = line,
): LineOutcome {
  return formatNamed(format)
    .createDecoder({ ...OPTIONS, ...options }, firstLine)
    .decodeLine(line);
}

/** The event that a line is; throws where it is none. */
export function decodeEvent(...line: Parameters<typeof decodeLine>): Event {
  const outcome = decodeLine(...line);
  if (outcome.kind !== 'event') throw new Error(`no event: ${JSON.stringify(outcome)}`);
  return outcome.event;
}

export interface Decoded {
  readonly batches: readonly DecodedBatch[];
  readonly events: readonly Event[];
  readonly lines: number;
  readonly ignores: Readonly<Record<string, number>>;
  readonly rejects: readonly RejectedLine[];
  readonly stamped: number;
  readonly endOffset: number | undefined;
  readonly openRecord: DecodedBatch['openRecord'];
}

export interface DecodeRequest {
  readonly format: FormatName;
  readonly chunks: Iterable<Uint8Array>;
  readonly options?: Partial<DecodeOptions>;
  readonly start?: Partial<DecoderStart>;
}

/** Runs chunks of an input through the stream and adds up its batches. */
export async function decodeChunks({ format, chunks, options, start }: DecodeRequest): Promise<Decoded> {
  const pieces = [...chunks];
  const firstLine = Buffer.concat(pieces)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .find((line) => line.trim() !== '');
  const decoder = createReferenceDecoder(
    formatNamed(format),
    { ...OPTIONS, ...options },
    { offset: 0, lines: 0, firstLine: firstLine ?? '', keepsOpenLine: () => true, ...start },
  );
  const batches: DecodedBatch[] = [];
  await pipeline(Readable.from(pieces), ...decoder.stages, async (decoded: AsyncIterable<DecodedBatch>) => {
    for await (const batch of decoded) batches.push(batch);
  });
  return sumOf(batches);
}

export function decodeText(
  format: FormatName,
  text: string,
  options: Partial<DecodeOptions> = {},
): Promise<Decoded> {
  return decodeChunks({ format, chunks: [Buffer.from(text, 'utf8')], options });
}

export function sumOf(batches: readonly DecodedBatch[]): Decoded {
  const ignores: Record<string, number> = {};
  for (const batch of batches) {
    for (const [reason, count] of batch.ignores) ignores[reason] = (ignores[reason] ?? 0) + count;
  }
  return {
    batches,
    events: batches.flatMap(({ events }) =>
      Array.from({ length: events.length }, (_, row) => eventAt(events, row)),
    ),
    lines: batches.reduce((sum, { lines }) => sum + lines, 0),
    ignores,
    rejects: batches.flatMap(({ rejects }) => rejects),
    stamped: batches.reduce((sum, { stamped }) => sum + stamped, 0),
    endOffset: batches.at(-1)?.endOffset,
    openRecord: batches.at(-1)?.openRecord ?? null,
  };
}

/** Events, ignored and rejected lines together: what must equal `lines`. */
export function accountedFor({ events, ignores, rejects }: Decoded): number {
  return events.length + Object.values(ignores).reduce((sum, count) => sum + count, 0) + rejects.length;
}
