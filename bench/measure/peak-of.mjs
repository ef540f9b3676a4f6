import { readFileSync } from 'node:fs';

/** The most memory (resident set) that a running process has had, in bytes, as Linux tells it. */
export function peakOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}
