/** Opens what the user named. */
import { openFile } from './file-source.js';
import { STDIN } from './expand-inputs.js';
import type { InputSource } from './input-source.js';
import { StreamSource } from './stream-source.js';

/** The signal ends a stream even while nothing comes. */
export async function openInput(name: string, signal: AbortSignal): Promise<InputSource> {
  return name === STDIN ? new StreamSource(STDIN, process.stdin, signal) : openFile(name, signal);
}
