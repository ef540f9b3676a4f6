/**
 * Runs the bundled files with what V8 made of them when they were built (`scripts/build-code.mjs`), so that a start
 * spends no time on compiling them again. It holds for the V8 that made it alone: any other takes the files as they are.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { packageFile } from './package-files.js';

type Require = (id: string) => unknown;
type Wrapped = (exports: unknown, require: Require, module: object, file: string, folder: string) => void;

/** Runs a file of dist/, and with it whatever it requires. */
export function launch(name: string): void {
  const dist = packageFile('dist/');
  const folder = fileURLToPath(dist);
  const requireFile = createRequire(dist);
  const code = codeFolder();
  if (!existsSync(code)) {
    requireFile(`./${name}`);
    return;
  }
  const modules = new Map<string, { exports: unknown }>();
  const load = (file: string): unknown => {
    const known = modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} as unknown };
    modules.set(file, module);
    run(join(folder, file), join(code, file))(module.exports, require, module, join(folder, file), folder);
    return module.exports;
  };
  const require: Require = (id) => (id.startsWith('./') ? load(id.slice(2)) : requireFile(id));
  load(name);
}

/** Where what this V8 made lies: another one, or that of another machine, makes something else. */
export function codeFolder(): string {
  const { platform, arch, versions } = process;
  return fileURLToPath(packageFile(`dist/code/${versions.v8}-${platform}-${arch}`));
}

function run(file: string, code: string): Wrapped {
  const source = readFileSync(file, 'latin1');
  const cachedData = readIfThere(code);
  // V8 looks whether it made the code, of a source as long as this one, and else compiles; a build makes both anew.
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  // The wrapper is all that the script consists of.
  return script.runInThisContext() as Wrapped;
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
