/** What stands in place of figures: how to fill an empty store, or where the data of a quiet period is. */
import { commandBlock } from './clipboard.js';
import { button, element, find } from './dom.js';

export function showEmptyStore(ingestCommand: string): void {
  show(
    element('p', {}, 'Fill the store with a log file; this page follows by itself.'),
    commandBlock(ingestCommand),
  );
}

export function showEmptyPeriod(span: string, onGoThere: (() => void) | null): void {
  show(
    element('h2', {}, 'No events in this period'),
    element('p', {}, span),
    ...(onGoThere ? [button('Show that period', { class: 'button primary' }, onGoThere)] : []),
  );
}

export function showNoMatch(onClear: () => void): void {
  show(
    element('h2', {}, 'No events match'),
    element('p', {}, 'The filters leave nothing in this period.'),
    button('Clear the filters', { class: 'button primary' }, onClear),
  );
}

function show(...content: HTMLElement[]): void {
  const place = find('#empty', HTMLElement);
  const key = content.map(({ textContent }) => textContent).join('\n');
  // The same again is left alone, so that a focused button stays focused.
  if (!place.hidden && place.dataset['shown'] === key) return;
  place.dataset['shown'] = key;
  place.replaceChildren(...content);
  place.hidden = false;
  find('#figures', HTMLElement).hidden = true;
}

export function hideEverything(): void {
  find('#empty', HTMLElement).hidden = true;
  find('#figures', HTMLElement).hidden = true;
}

export function hideEmpty(): void {
  find('#empty', HTMLElement).hidden = true;
  find('#figures', HTMLElement).hidden = false;
}
