/** The files that come with mapipe beside its code. */

// From src/ and from dist/ alike: the build puts this, like all code, directly into dist/.
const PACKAGE = new URL('../', import.meta.url);

/** A file or folder of the package by its path from the root, such as `package.json` or `dist/dashboard/`. */
export function packageFile(path: string): URL {
  return new URL(path, PACKAGE);
}
