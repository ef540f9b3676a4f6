/** The inputs that a command names: read to their end, or followed. */
import { MapipeError } from '../errors.js';
import { follow } from '../ingest/follow/follow.js';
import type { FollowRequest } from '../ingest/follow/follow-request.js';
import type { IngestResult } from '../ingest/ingest-request.js';
import { expandInputs, STDIN } from '../input/expand-inputs.js';
import { ingest } from '../pipeline.js';
import type { OptionValues } from './command.js';

export interface NamedInputs {
  /** Files, and `-` for stdin; where they are followed, as the user named them. */
  readonly paths: readonly string[];
  /** `--source`. */
  readonly sourceName: string | null;
  readonly follows: boolean;
  readonly read: (request: FollowRequest) => Promise<IngestResult>;
}

export async function namedInputs(names: readonly string[], options: OptionValues): Promise<NamedInputs> {
  const sourceName = options.text('source');
  if (options.flag('follow') === true) return followed(names, sourceName);
  const paths = await expandInputs(names);
  if (sourceName !== null && paths.length > 1) {
    throw new MapipeError('MAPIPE_USAGE', `--source names one input, got ${paths.length}`);
  }
  return { paths, sourceName, follows: false, read: ingest };
}

/** They need not be there yet. */
function followed(names: readonly string[], sourceName: string | null): NamedInputs {
  if (names.length === 0)
    throw new MapipeError('MAPIPE_USAGE', '--follow expects files or patterns, got none');
  if (names.includes(STDIN)) {
    throw new MapipeError('MAPIPE_USAGE', `--follow expects files, got ${STDIN}`, {
      hint: 'stdin is read to its end in any case: leave out --follow',
    });
  }
  if (sourceName !== null) {
    throw new MapipeError('MAPIPE_USAGE', '--follow knows files by what they hold, so it takes no --source');
  }
  return { paths: [...new Set(names)], sourceName, follows: true, read: follow };
}
