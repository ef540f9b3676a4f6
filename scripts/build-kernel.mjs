/** Compiles the decoding kernel (AssemblyScript, src/decode/kernel/assembly/) to dist/kernel.wasm. */
import { mkdirSync } from 'node:fs';
import asc from 'assemblyscript/asc';

mkdirSync('dist', { recursive: true });
const { error, stderr } = await asc.main([
  'src/decode/kernel/assembly/index.ts',
  ...['--outFile', 'dist/kernel.wasm'],
  ...['--optimizeLevel', '3', '--converge', '--noAssert'],
  // Everything is laid out by hand: no garbage collector, nothing imported but what reports a trap.
  ...['--runtime', 'stub', '--enable', 'simd'],
  // As much as a kernel that counts sets up, so that it grows once less often: what is not used takes no memory. Shared,
  // although one thread has it: memory that is not drives V8's garbage collector, which has nothing to collect there.
  ...['--initialMemory', '4800', '--maximumMemory', '65536', '--sharedMemory', '--enable', 'threads'],
]);
if (error) {
  console.error(stderr.toString());
  process.exit(1);
}
