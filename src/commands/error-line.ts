/** How an error is printed: a known one as one line with what to do; an unknown one with its stack, as a bug. */
import { MapipeError } from '../errors.js';
import { visible } from '../report/render/visible.js';

/** Nothing in it reaches the terminal raw: file names, options and log lines may hold anything. */
export function errorLine(error: MapipeError): string {
  const hint = error.hint === undefined ? '' : ` (${error.hint})`;
  return `mapipe: ${visible(`${error.message}${hint}`)}\n`;
}

export function bugReport(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const shown = stack.split('\n').map(visible).join('\n');
  return `mapipe: unexpected error, please report it with what you ran\n${shown}\n`;
}
