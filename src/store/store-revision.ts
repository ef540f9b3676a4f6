/** What a store has come to: two that are equal hold the same, so that an answer need not be worked out again. */

export interface StoreRevision {
  /** Differs after every commit, by whatever process. Of characters that need no escape in a URL or a header. */
  readonly id: string;
  readonly committedAt: Date;
}
