/** What `mapipe doctor` says of a store: plain data, to be rendered. */
import type { KnownInput } from '../input/known-inputs.js';
import { FINDINGS, type Finding, type StoreExamination } from '../store/examination.js';

/** `damaged`: its answers are wrong or impossible; `warnings`: they are right, and there is something to know. */
export type Verdict = 'sound' | 'warnings' | 'damaged';

export interface Diagnosis {
  readonly verdict: Verdict;
  readonly location: string;
  readonly store: StoreExamination;
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
  readonly inputs: readonly KnownInput[];
}

/** Looks at the inputs that an examined store knows, and puts all together; changes nothing anywhere. */
export async function diagnose(
  location: string,
  examination: StoreExamination,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const { findings, checkpoints } = examination;
  const { lookAtInputs } = await import('../input/known-inputs.js');
  const problems = findings.filter(({ code }) => FINDINGS[code] === 'problem');
  const warnings = findings.filter(({ code }) => FINDINGS[code] === 'warning');
  return {
    verdict: problems.length > 0 ? 'damaged' : warnings.length > 0 ? 'warnings' : 'sound',
    location,
    store: examination,
    problems,
    warnings,
    inputs: await lookAtInputs(checkpoints, signal),
  };
}
