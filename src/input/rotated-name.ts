/** Whether a file is named as log rotation names what a log was: `app.log.1`, `app.log-20261126.gz`, `app-2026-11-26.log`. */
import { basename } from 'node:path';

export const ROTATION_MARK = String.raw`[.\-_]\d[\d.\-_T]*`;

const PATTERN = new RegExp(String.raw`(${ROTATION_MARK}(\.[a-z]+)?|\.old)(\.gz)?$`, 'i');

export function isRotatedName(path: string): boolean {
  return PATTERN.test(basename(path));
}

/** A number that counts up with each rotation, where a date tells files apart that need not be of one log. */
const GENERATION = /\.\d{1,4}$/;

/** Whether by their names one file is what the log of the other name was: of `app.log`, or of another of its generations. */
export function wasOfLog(path: string, name: string): boolean {
  const [rotated, other] = [path, name].map((one) => basename(one).replace(/\.gz$/i, ''));
  if (rotated === undefined || other === undefined || !isRotatedName(path)) return false;
  const log = logOf(rotated);
  return log === other || (GENERATION.test(rotated) && GENERATION.test(other) && log === logOf(other));
}

function logOf(name: string): string {
  return name.replace(/\.old$/i, '').replace(new RegExp(String.raw`${ROTATION_MARK}(\.[a-z]+)?$`, 'i'), '$1');
}
