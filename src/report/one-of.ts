/** A text that must be one of a closed list, and the complaint about one that is not. */
import { MapipeError } from '../errors.js';
import { nearest } from './nearest.js';

/** `name` is what the user calls the text, such as `--by`. */
export function oneOf<T extends string>(name: string, choices: readonly T[], text: string): T {
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  const [near] = text === '' ? [] : nearest(text, choices);
  throw new MapipeError(
    'MAPIPE_USAGE',
    `${name} expects one of ${choices.join(', ')}, got ${text === '' ? 'an empty text' : text}`,
    near === undefined ? {} : { hint: `did you mean ${near}?` },
  );
}
