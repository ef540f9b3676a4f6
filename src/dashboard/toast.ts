/** A short word at the page's edge that goes by itself. */
import { element, find } from './dom.js';

const SHOWN_MS = 4_000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function toast(message: string, detail: string): void {
  const place = find('#toast', HTMLElement);
  place.replaceChildren(element('strong', {}, message), element('code', {}, detail));
  place.classList.add('is-shown');
  clearTimeout(timer);
  timer = setTimeout(() => {
    place.classList.remove('is-shown');
  }, SHOWN_MS);
}
