/** Opens what the user named. */
import { fstatSync } from 'node:fs';
import { MapipeError } from '../errors.js';
import { openFile } from './file-source.js';
import { STDIN } from './expand-inputs.js';
import type { InputSource } from './input-source.js';
import { PipeReader } from './pipe-reader.js';
import { StreamSource } from './stream-source.js';

/** The signal ends a stream even while nothing comes. */
export async function openInput(name: string, signal: AbortSignal): Promise<InputSource> {
  if (name !== STDIN) return openFile(name, signal);
  const stats = fstatSync(STDIN_FD);
  if (stats.isDirectory()) {
    throw new MapipeError('MAPIPE_INPUT_NOT_READABLE', 'expected a log on stdin, got a folder', {
      hint: 'name its files instead: mapipe ingest FOLDER/*',
    });
  }
  const isPipe = stats.isFIFO() || stats.isSocket();
  return new StreamSource(STDIN, isPipe ? new PipeReader(STDIN_FD) : process.stdin, signal);
}

const STDIN_FD = 0;
