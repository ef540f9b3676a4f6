/**
 * Measures a row: first every contestant proves its answer, then they are timed, taking turns. Where an answer is wrong
 * nothing is timed, for a wrong answer can be had at any speed.
 */
import { ROWS } from '../rows.mjs';
import { durationText } from '../report/numbers.mjs';
import { median } from './median.mjs';
import { proveContestant, runContestant } from './run-contestant.mjs';

/** A peer that takes longer is not run again: the run in which it proved its answer is its time. */
const SLOW_PEER_SECONDS = 20;
/** More rounds than these are not told one by one. */
const ROUNDS_TOLD = 10;

/** `{ name, title, faults, contestants, value, … }`: all that the report says about a row. */
export function measureRow(row, engines, workshop) {
  return row.peaksOf ? measurePeaks(row, workshop) : measureSpeed(row, engines, workshop);
}

async function measureSpeed(row, engines, workshop) {
  const input = await workshop.inputOf(row);
  const contestants = row.contestants.filter(({ engine }) => engines[engine.name] !== null);
  const proofs = await proveAll(row, contestants, input, workshop);
  const outcomes = contestants.map((contestant, index) => ({
    contestant,
    proof: proofs[index],
    faults: [...proofs[index].faults],
    seconds: [],
  }));
  if (!outcomes.some(isWrong)) await timeAll(row, outcomes, input, workshop);
  return rowResult(row, input.file, outcomes);
}

async function measurePeaks(row, workshop) {
  const contestants = [];
  for (const name of row.peaksOf) {
    const measured = ROWS.find((one) => one.name === name);
    // Only mapipe's: the row is about its own bound.
    const [mapipe] = measured.contestants;
    const known = workshop.proofs.has(proofKey(measured, mapipe));
    const input = known ? {} : await workshop.inputOf(measured);
    const [{ peakBytes, faults }] = await proveAll(measured, [mapipe], input, workshop);
    contestants.push({ name: measured.title, peakBytes, faults, seconds: [] });
  }
  return resultOf(row, contestants);
}

async function proveAll(row, contestants, input, workshop) {
  const { progress, proofs } = workshop;
  const unproved = contestants.filter((contestant) => !proofs.has(proofKey(row, contestant)));
  if (unproved.length > 0) progress.begin(row.name, 'proof');
  for (const contestant of unproved) {
    const proof = await workshop.inFolder((folder) => proveContestant(contestant, input, folder));
    proofs.set(proofKey(row, contestant), proof);
    progress.add(`${contestant.name} ${proof.faults.length === 0 ? durationText(proof.seconds) : 'WRONG'}`);
    if (proof.faults.length > 0) progress.alarm(`${row.name}, ${contestant.name}`, proof.faults);
  }
  if (unproved.length > 0) progress.end();
  return contestants.map((contestant) => proofs.get(proofKey(row, contestant)));
}

/** Adds the seconds of every round, until an answer is wrong. */
async function timeAll(row, outcomes, input, workshop) {
  const { progress } = workshop;
  const rounds = workshop.rounds * (row.roundsFactor ?? 1);
  const timed = outcomes.filter(({ proof }, index) => index === 0 || proof.seconds <= SLOW_PEER_SECONDS);
  for (const outcome of outcomes) {
    if (!timed.includes(outcome)) outcome.seconds.push(outcome.proof.seconds);
  }
  const told = rounds <= ROUNDS_TOLD;
  if (!told) progress.begin(row.name, `${rounds} rounds`);
  for (let round = 0; round < rounds; round++) {
    if (told) progress.begin(row.name, `${round + 1} of ${rounds}`);
    // Every other round the other way about, so that nobody always runs after the same neighbour.
    for (const outcome of round % 2 === 0 ? timed : timed.toReversed()) {
      const { contestant } = outcome;
      const run = await workshop.inFolder((folder) => runContestant(contestant, input, folder));
      outcome.faults.push(...run.faults);
      outcome.seconds.push(run.seconds);
      if (isWrong(outcome)) return progress.alarm(`${row.name}, ${contestant.name}`, run.faults);
      if (told) progress.add(`${contestant.name} ${durationText(run.seconds)}`);
    }
    if (told) progress.end();
  }
  if (!told) progress.end();
}

function rowResult(row, file, outcomes) {
  const wrong = outcomes.some(isWrong);
  // Asking a store reads no file.
  const read = row.needsStore ? undefined : file;
  const mapipeMedian = median(outcomes[0].seconds);
  const contestants = outcomes.map(({ contestant, proof, faults, seconds }) => {
    const common = { name: contestant.name, peakBytes: proof.peakBytes, faults };
    if (wrong) return { ...common, seconds: [] };
    const medianSeconds = median(seconds);
    return {
      ...common,
      seconds,
      medianSeconds,
      bytesPerSecond: read ? read.bytes / medianSeconds : null,
      eventsPerSecond: read ? read.truth.events / medianSeconds : null,
      mapipeTimesAsFast: medianSeconds / mapipeMedian,
    };
  });
  const data = file && {
    bytes: read?.bytes ?? null,
    events: file.truth.events,
    users: file.users,
    campaigns: file.campaigns,
  };
  return resultOf(row, contestants, data);
}

function resultOf({ name, title, question = null, notes = [], bar = null }, contestants, data = null) {
  const faults = contestants.flatMap((one) => one.faults.map((fault) => `${one.name}: ${fault}`));
  const value = bar === null || faults.length > 0 ? null : bar.measure(contestants);
  return { name, title, question, notes, data, contestants, faults, bar, value };
}

const isWrong = ({ faults }) => faults.length > 0;
const proofKey = (row, contestant) => `${row.name}/${contestant.name}`;
