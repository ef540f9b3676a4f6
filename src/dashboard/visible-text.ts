/** Names from data as they may be shown: what nobody can see is made visible, what is missing has a name. */
import { visible } from '../report/render/visible.js';
import { namesOf, type Dimension } from './dimensions.js';

export { visible };

export function displayName(dimension: Dimension, key: string | null): string {
  if (key === null) return namesOf(dimension).none;
  return key.trim() === '' ? '(blank)' : visible(key);
}
