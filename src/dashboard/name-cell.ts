/** A name from data: isolated from the text around it, cut where it is too long, whole in its title. */
import { element } from './dom.js';
import { displayName } from './visible-text.js';
import type { Dimension } from './dimensions.js';

export function setName(target: HTMLElement, dimension: Dimension, key: string | null): void {
  const name = displayName(dimension, key);
  if (target.title === name) return;
  target.title = name;
  target.classList.toggle('is-none', key === null || key.trim() === '');
  target.replaceChildren(element('bdi', {}, name));
}

/** A key for maps and attributes that tells null from the text `null`. */
export function keyText(key: string | null): string {
  return key === null ? 'none' : `=${key}`;
}
