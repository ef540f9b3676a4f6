/** The machine that a bench runs on, for the head of its report. */
import { readFileSync, statfsSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { contestantCores } from './two-cores.mjs';

const TMPFS = 0x01021994;

/** In a line: the processor and the runtime. */
export function machineLine() {
  return `${processor()}, ${cpus().length} cores, Node ${process.version}`;
}

/** More of it, with the folder of the data, as it is now. */
export function machine(dataFolder) {
  return {
    processor: processor(),
    cores: cpus().length,
    contestantCores: contestantCores(),
    memoryBytes: totalmem(),
    system: `${distribution()} (${type()} ${release()})`,
    node: process.version,
    load: loadavg()[0],
    dataInMemory: statfsSync(dataFolder).type === TMPFS,
  };
}

function processor() {
  return cpus()[0]?.model.trim() ?? 'unknown processor';
}

function distribution() {
  try {
    return /^PRETTY_NAME="?(.*?)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}
