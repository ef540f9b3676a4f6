/** A short tint on a figure that changed by itself; the style sheet leaves it out where motion is not wanted. */
import { setText } from './dom.js';

const CLASS = 'is-changed';

/** Sets the text; marks it where `live` says that it changed under the reader's eyes. */
export function updateFigure(target: HTMLElement, text: string, live: boolean): void {
  const had = target.textContent !== '';
  if (!setText(target, text) || !live || !had) return;
  target.classList.remove(CLASS);
  // Reading the layout lets the animation begin anew.
  target.getBoundingClientRect();
  target.classList.add(CLASS);
}
