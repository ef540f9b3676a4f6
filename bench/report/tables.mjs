/** What a bench found, as tables of text: `{ title, lines, columns, rows, notes }`. */
import { verdict } from '../bars.mjs';
import { FULL_EVENTS } from '../rows.mjs';
import { bytesText, countText, durationText, rangeText, timesText } from './numbers.mjs';

const NONE = '–';
/** What a machine with nothing else to do stays below. */
const BUSY_LOAD = 0.5;

export function headLines({ date, machine, engines, events, rounds }) {
  const { processor, cores, contestantCores, memoryBytes, system, node, load, dataInMemory } = machine;
  const found = Object.entries(engines).filter(([name]) => name !== 'Node');
  const there = found
    .filter(([, version]) => version !== null)
    .map(([name, version]) => `${name} ${version}`);
  const missing = found.filter(([, version]) => version === null).map(([name]) => name);
  const held = contestantCores < cores ? ` (${contestantCores} for each contestant)` : '';
  return [
    `${date}, ${processor}, ${cores} cores${held}, ${countText(memoryBytes / 1e9)} GB memory, ${system}, Node ${node}.`,
    `${there.join(', ')}.${missing.length > 0 ? ` Not found: ${missing.join(', ')}.` : ''}`,
    `${countText(events)} events, ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds`}, whole processes from start to end; every answer checked.`,
    ...(events < FULL_EVENTS
      ? [`The bars are set for ${countText(FULL_EVENTS)} events: with fewer, starting up weighs more.`]
      : []),
    ...(contestantCores > 2
      ? ['The bars are set for two cores; nothing holds the contestants to two here.']
      : []),
    ...(load > BUSY_LOAD
      ? [`The machine had other work: its load was ${load.toFixed(1)} before the first run.`]
      : []),
    ...(dataInMemory ? ['The data folder is held in memory, so “on disk” is not.'] : []),
  ];
}

/** How every bar is met; null where no row has one. */
export function barTable({ rows: all }) {
  const rows = all.filter(({ bar }) => bar !== null);
  if (rows.length === 0) return null;
  return {
    title: 'The bars',
    lines: [],
    columns: ['', 'Bar', 'Aim', 'Measured', 'Verdict'],
    rows: rows.map(({ title, bar, value, faults }) => [
      [title, bar.against].filter(Boolean).join(' '),
      limitText(bar, bar.bar),
      limitText(bar, bar.aim),
      value === null ? NONE : bar.text(value),
      faults.length > 0 ? 'WRONG' : verdict(bar, value),
    ]),
    notes: [],
  };
}

/** What was measured for a row. */
export function rowTable(row) {
  const isWrong = row.faults.length > 0;
  const [{ name: first }] = row.contestants;
  const columns = [
    ['', ({ name }) => name],
    [
      'Median',
      ({ medianSeconds: seconds, faults }) => (isWrong ? state(faults) : shown(seconds, durationText)),
    ],
    ['Range', ({ seconds }) => (seconds.length > 1 ? rangeText(seconds) : NONE)],
    ['MB/s', ({ bytesPerSecond }) => shown(bytesPerSecond, (bytes) => countText(bytes / 1e6))],
    ['Events/s', ({ eventsPerSecond }) => shown(eventsPerSecond, countText)],
    ['Runs', ({ seconds }) => shown(seconds.length || null, String)],
    ['Peak memory', ({ peakBytes }) => shown(peakBytes, bytesText)],
    [
      `${first} is`,
      ({ name, mapipeTimesAsFast }) =>
        name === first ? NONE : shown(mapipeTimesAsFast, (times) => `${timesText(times)} as fast`),
    ],
  ];
  const cells = columns.map(([heading, cell]) => [heading, row.contestants.map(cell)]);
  // A column of which nothing is known is left out.
  const kept = cells.filter(([, column]) => column.some((text) => text !== NONE));
  return {
    title: row.title,
    lines: [row.question, dataLine(row.data)].filter((line) => line !== null),
    columns: kept.map(([heading]) => heading),
    rows: row.contestants.map((_, index) => kept.map(([, column]) => column[index])),
    notes: isWrong ? wrongLines(row.faults) : row.notes,
  };
}

function dataLine(data) {
  if (data === null) return null;
  const { bytes, events, users, campaigns } = data;
  const size = bytes === null ? [] : [bytesText(bytes)];
  return `${[`${countText(events)} events`, ...size, `${countText(users)} users`, `${countText(campaigns)} campaigns`].join(', ')}.`;
}

function limitText({ sign, text, limitText: shorter = text }, limit) {
  return `${sign} ${shorter(limit)}`;
}

function state(faults) {
  return faults.length > 0 ? 'WRONG' : 'not timed';
}

function wrongLines(faults) {
  const told = faults.slice(0, 5);
  return [
    'WRONG ANSWER, not timed:',
    ...told,
    ...(faults.length > told.length ? [`and ${countText(faults.length - told.length)} more`] : []),
  ];
}

function shown(value, text) {
  return value === null || value === undefined ? NONE : text(value);
}
