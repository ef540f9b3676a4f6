/** What the pipeline needs of a decoder, whichever it is. */
import type { Duplex } from 'node:stream';

export const DECODER_NAMES = ['auto', 'reference', 'kernel'] as const;
export type DecoderName = (typeof DECODER_NAMES)[number];

/** Stages for a stream pipeline: bytes in, DecodedBatch objects out. */
export interface Decoder {
  readonly stages: readonly [Duplex] | readonly [Duplex, Duplex, Duplex];
  /** Hands on what has been decoded so far, without waiting for a batch to be full. */
  flush(): void;
}
