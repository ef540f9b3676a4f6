/**
 * mapipe against its peers: the same question, of the same file, in the same run. `npm run bench -- --help`.
 *
 * Read it from here: rows.mjs is the table of what is compared, contestants/ how each is run and how its answer is
 * checked, measure/ what is measured and how, report/ what is made of it.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { killRunning } from './measure/run-process.mjs';
import { machine } from './measure/machine.mjs';
import { measureRow } from './measure/measure-row.mjs';
import { openWorkshop } from './measure/workshop.mjs';
import { USAGE, readOptions } from './options.mjs';
import { findEngines } from './contestants/engines.mjs';
import { renderJson } from './report/json.mjs';
import { renderMarkdown } from './report/markdown.mjs';
import { renderText } from './report/text.mjs';
import { writeBetweenMarkers } from './report/write-page.mjs';

const options = readOptions(process.argv.slice(2));
if (options === null) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const workshop = openWorkshop(options);
process.on('exit', () => {
  killRunning();
  rmSync(workshop.scratch, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

const before = machine(options.data);
const engines = await findEngines(options.rows);
const rows = [];
for (const row of options.rows) rows.push(await measureRow(row, engines, workshop));

const outcome = {
  date: new Date().toISOString().slice(0, 10),
  machine: before,
  engines,
  events: options.events,
  rounds: options.rounds,
  rows,
};
process.stdout.write(renderText(outcome));
if (options.json !== null) writeFileSync(options.json, renderJson(outcome));

const wrong = rows.filter(({ faults }) => faults.length > 0);
if (options.write && wrong.length === 0) await writeBetweenMarkers(renderMarkdown(outcome));
if (wrong.length > 0) {
  console.error(`\nWRONG ANSWERS: ${wrong.map(({ name }) => name).join(', ')}. See above.`);
  if (options.write) console.error('docs/BENCHMARKS.md is left as it is.');
  process.exitCode = 1;
}
