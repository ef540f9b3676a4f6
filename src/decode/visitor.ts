/** Who made a request. */
import { textKey } from '../event/hash.js';

/**
 * Nobody is named in an access log: address and user agent tell one visitor from another. The visitor is the 64-bit key
 * of both with a NUL between them, as 16 hexadecimal digits.
 */
export function visitorOf(address: string, agent: string): string {
  return textKey(`${address}\0${agent}`).toString(16).padStart(16, '0');
}
