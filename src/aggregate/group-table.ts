/** Groups by key, in bounded memory: past the cap, what is new falls into one group of others, so that sums still hold. */
import { Group } from './group.js';

/** The name of the group that takes what the cap leaves out. */
export const OTHER_GROUP = '(other)';

export class GroupTable<G extends Group = Group> {
  /** Those of no key and of others come on top of these. */
  readonly #maxNamed: number;
  readonly #createGroup: () => G;
  #named = 0;
  /** null is the key of events that name none. */
  readonly groups = new Map<string | null, G>();

  constructor(maxNamed: number, createGroup: () => G) {
    this.#maxNamed = maxNamed;
    this.#createGroup = createGroup;
  }

  groupOf(key: string | null): G {
    const known = this.groups.get(key);
    if (known) return known;
    const isNamed = key !== null && key !== OTHER_GROUP;
    if (isNamed && this.#named === this.#maxNamed) return this.groupOf(OTHER_GROUP);
    const group = this.#createGroup();
    this.groups.set(key === null ? null : ownCopy(key), group);
    if (isNamed) this.#named++;
    return group;
  }
}

/** A text cut out of a large block keeps the block alive; a key that stays for the whole run must not. */
function ownCopy(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
