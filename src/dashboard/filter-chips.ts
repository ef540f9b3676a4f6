/** The filters that hold, each with a button that lifts it. */
import { DIMENSIONS, namesOf, type Dimension, type Filters } from './dimensions.js';
import { button, element, find } from './dom.js';
import { setName } from './name-cell.js';
import { displayName } from './visible-text.js';

export function showFilterChips(
  filters: Filters,
  onRemove: (dimension: Dimension) => void,
  onClear: () => void,
): void {
  const list = find('#filter-chips', HTMLElement);
  const chips = DIMENSIONS.flatMap(({ dimension }) => {
    const value = filters.get(dimension);
    if (value === undefined) return [];
    const { title } = namesOf(dimension);
    const name = element('span', { class: 'chip-name' });
    setName(name, dimension, value);
    const remove = button(
      '×',
      { class: 'chip-remove', 'aria-label': `Remove the filter ${title}: ${displayName(dimension, value)}` },
      () => {
        onRemove(dimension);
      },
    );
    return [element('li', { class: 'chip' }, element('span', { class: 'chip-title' }, title), name, remove)];
  });
  if (chips.length > 1) {
    chips.push(element('li', {}, button('Clear all', { class: 'button quiet' }, onClear)));
  }
  list.hidden = chips.length === 0;
  list.replaceChildren(...chips);
}
