/** Loaded into a Node.js process with --import: when it ends, it writes its peak memory, in KiB, into a file. */
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { peakOf } from './peak-of.mjs';

if (isMainThread) {
  process.on('exit', () => writeFileSync(process.env.MAPIPE_BENCH_PEAK_FILE, String(peakKib())));
}

function peakKib() {
  try {
    // Not maxRSS: on Linux a process begins with that of the one it was forked from.
    return peakOf(process.pid) / 1024;
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
