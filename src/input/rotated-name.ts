/** Whether a file is named as log rotation names what a log was: `app.log.1`, `app.log-20261126.gz`, `app-2026-11-26.log`. */
import { basename } from 'node:path';

export const ROTATION_MARK = String.raw`[.\-_]\d[\d.\-_T]*`;

const PATTERN = new RegExp(String.raw`(${ROTATION_MARK}(\.[a-z]+)?|\.old)(\.gz)?$`, 'i');

export function isRotatedName(path: string): boolean {
  return PATTERN.test(basename(path));
}
