/** One run of one contestant: how long it took, and what is wrong with its answer. */
import { runProcess } from './run-process.mjs';
import { tellingPeak, toldPeak } from './peak-memory.mjs';

/** `{ seconds, faults }`, in `folder`, which must be empty and may then hold what the contestant wrote. */
export async function runContestant(contestant, input, folder) {
  const run = { ...input, folder };
  return checked(contestant, run, await runProcess(contestant.command(run), folder));
}

/**
 * The run that comes before all timing: `{ seconds, faults, peakBytes }`. What the contestant stored is looked at too,
 * and its memory is measured, which costs it a little time.
 */
export async function proveContestant(contestant, input, folder) {
  const run = { ...input, folder };
  const result = checked(
    contestant,
    run,
    await runProcess(tellingPeak(contestant.command(run), folder), folder),
  );
  if (contestant.audit && result.faults.length === 0) {
    const audit = await runProcess(contestant.audit.command(run), folder);
    result.faults.push(...checked(contestant.audit, run, audit).faults);
  }
  return { ...result, peakBytes: toldPeak(folder) };
}

function checked(contestant, run, { seconds, fault, stdout }) {
  if (fault !== null) return { seconds, faults: [fault] };
  try {
    return { seconds, faults: contestant.faults({ ...run, stdout }) };
  } catch (error) {
    return { seconds, faults: [`its answer cannot be read: ${error.message}`] };
  }
}
