/** Puts a report into docs/BENCHMARKS.md between its two markers. The rest of the page stays as it is. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const PAGE = fileURLToPath(new URL('../../docs/BENCHMARKS.md', import.meta.url));
const START = '<!-- bench:start -->';
const END = '<!-- bench:end -->';

export async function writeBetweenMarkers(markdown) {
  const page = await readFile(PAGE, 'utf8');
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start === -1 || end < start) throw new Error(`${PAGE}: expected ${START} and then ${END}`);
  const text = `${page.slice(0, start + START.length)}\n\n${markdown}\n\n${page.slice(end)}`;
  await writeFile(PAGE, await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
}
