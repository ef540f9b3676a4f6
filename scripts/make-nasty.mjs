/**
 * Writes every nasty input of the table in nasty/table.mjs, as a file of each format that can say it, and what each must
 * come to as expected.json beside them: 350 MB with the huge ones. Nothing in them is drawn by chance.
 *
 *   node scripts/make-nasty.mjs FOLDER [--huge]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FORMATS } from './nasty/lines.mjs';
import { accountOf } from './nasty/outcomes.mjs';
import { TABLE } from './nasty/table.mjs';

/** One after the other, as some are large: a name, a format, the bytes, and what they must come to. */
export function* nastyInputs({ formats = FORMATS, huge = true } = {}) {
  for (const format of formats) {
    for (const [name, of] of TABLE) {
      const made = of(format);
      if (made === null || (made.isHuge && !huge)) continue;
      const { input, outcomes, at = null, isRefusedWhenGuessed = false } = made;
      const isLarge = made.isLarge === true || made.isHuge === true;
      yield { name, format, input, at, isLarge, isRefusedWhenGuessed, expected: accountOf(outcomes) };
    }
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, flag] = process.argv.slice(2);
  if (folder === undefined) {
    console.error('usage: node scripts/make-nasty.mjs FOLDER [--huge]');
    process.exit(2);
  }
  mkdirSync(folder, { recursive: true });
  const all = [];
  for (const { name, format, input, at, expected } of nastyInputs({ huge: flag === '--huge' })) {
    const file = `${String(all.length).padStart(4, '0')}.${format}`;
    writeFileSync(join(folder, file), input);
    const campaigns = [...expected.campaigns].map(([campaign, { revenueMicros, ...counts }]) => ({
      ...{ campaign, ...counts, revenueMicros: String(revenueMicros) },
    }));
    all.push({ file, name, format, at, ...expected, campaigns });
  }
  writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(all, null, 1)}\n`);
}
