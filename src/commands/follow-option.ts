import type { OptionSpec } from './command.js';

/** For every command that reads files. */
export const FOLLOW_OPTION: OptionSpec = {
  flags: '--follow',
  description: 'go on reading as files grow, are rotated, or come to be there; patterns find new files',
};
