/** Miller (`mlr`), which has no columns to be told and no distinct users to estimate. */
import { spawnSync } from 'node:child_process';
import { answerOfLines, faultsOf } from './answers.mjs';

const INPUT = { ndjson: '--ijsonl', csv: '--icsv' };
const QUESTION = `
  if ($type == "click") {
    @clicks[$campaign_id] += 1
  } else {
    @conversions[$campaign_id] += 1;
    @revenue[$campaign_id] += $amount
  }
  end {
    emit (@clicks, @conversions, @revenue), "campaign_id"
  }`;

const MILLER = {
  name: 'Miller',
  find: () => /mlr (\S+)/.exec(spawnSync('mlr', ['--version'], { encoding: 'utf8' }).stdout)?.[1] ?? null,
};

export const millerSummary = {
  name: 'Miller',
  engine: MILLER,
  command: ({ file }) => ({
    program: 'mlr',
    args: [INPUT[file.format], '--ojsonl', '--ofmt', '%.2lf', 'put', '-q', QUESTION, file.path],
  }),
  faults: ({ stdout, file }) => faultsOf(answerOfLines(stdout), file),
};
