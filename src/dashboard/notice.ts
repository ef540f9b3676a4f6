/** One line across the page that says what is wrong and what to do; the figures below it stay. */
import { element, find } from './dom.js';

export interface NoticeAction {
  readonly label: string;
  run(): void;
}

let shownText = '';

export function showNotice(text: string, hint: string | null, action?: NoticeAction): void {
  const place = find('#notice', HTMLElement);
  const key = `${text}\n${hint ?? ''}`;
  // Said once, not again on every try.
  if (key === shownText && !place.hidden) return;
  shownText = key;
  place.replaceChildren(element('strong', {}, text), ...(hint === null ? [] : [element('span', {}, hint)]));
  if (action) {
    const run = element('button', { type: 'button', class: 'button' }, action.label);
    run.addEventListener('click', () => {
      action.run();
    });
    place.append(run);
  }
  place.hidden = false;
}

export function hideNotice(): void {
  const place = find('#notice', HTMLElement);
  place.hidden = true;
  shownText = '';
}
