/** Loads the kernel, once a process; the module can be handed to workers as it is. */
import { readFileSync } from 'node:fs';

let loaded: WebAssembly.Module | undefined;

export function loadKernel(): WebAssembly.Module {
  loaded ??= new WebAssembly.Module(readFileSync(new URL('../../dist/kernel.wasm', import.meta.url)));
  return loaded;
}
