/** Where a file is worth the work of several threads: known at the start, before anything that reads is loaded. */

export const LARGE_FILE_BYTES = 24 << 20;
