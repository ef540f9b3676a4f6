/** Names in the commands that mapipe suggests. */
import { visible } from '../report/render/visible.js';

/** A name as a shell takes it. */
export function quoted(name: string): string {
  return /^[\w.@%+=:,/-]+$/.test(name) ? name : `'${visible(name).replaceAll("'", `'\\''`)}'`;
}
