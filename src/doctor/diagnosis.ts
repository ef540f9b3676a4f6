/** What `mapipe doctor` says of a store: plain data, to be rendered. */
import type { KnownInput } from '../input/known-inputs.js';
import { FINDINGS, type Finding, type StoreExamination } from '../store/examination.js';
import type { Store } from '../store/store.js';

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

/** Examines the store, then looks at the inputs that it knows; changes nothing anywhere. */
export async function diagnose(store: Store, signal: AbortSignal): Promise<Diagnosis> {
  const examination = await store.examine();
  const { findings, checkpoints } = examination;
  const { lookAtInputs } = await import('../input/known-inputs.js');
  const problems = findings.filter(({ code }) => FINDINGS[code] === 'problem');
  const warnings = findings.filter(({ code }) => FINDINGS[code] === 'warning');
  return {
    verdict: problems.length > 0 ? 'damaged' : warnings.length > 0 ? 'warnings' : 'sound',
    location: store.location,
    store: examination,
    problems,
    warnings,
    inputs: await lookAtInputs(checkpoints, signal),
  };
}
