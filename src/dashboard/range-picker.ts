/** Chooses the period: presets as buttons (one list on a phone), or two dates. */
import { dateAt } from './calendar.js';
import { isPreset, PRESET_TITLES, PRESETS, type RangeChoice } from './date-range.js';
import { button, element, find } from './dom.js';

export interface RangePicker {
  show(choice: RangeChoice, zone: string): void;
}

const CUSTOM = 'custom';

export function createRangePicker(onChoice: (choice: RangeChoice) => void): RangePicker {
  let zone = 'UTC';
  let shown: string | null = null;
  /** Whether two dates are being entered: an answer that comes meanwhile is not to take them away. */
  let isEntering = false;
  const group = find('#range-presets', HTMLElement);
  const select = find('#range-select', HTMLSelectElement);
  const form = find('#custom-range', HTMLFormElement);
  const from = find('#custom-from', HTMLInputElement);
  const to = find('#custom-to', HTMLInputElement);

  const buttons = [...PRESETS, CUSTOM].map((name) => {
    const title = isPreset(name) ? PRESET_TITLES[name] : 'Custom';
    select.append(element('option', { value: name }, title));
    return {
      name,
      pressed: button(title, { class: 'segment', 'aria-pressed': 'false' }, () => {
        choose(name);
      }),
    };
  });
  group.append(...buttons.map(({ pressed }) => pressed));
  select.addEventListener('change', () => {
    choose(select.value);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submitDates();
  });

  function choose(name: string): void {
    isEntering = !isPreset(name);
    if (isPreset(name)) {
      mark(name);
      onChoice(name);
      return;
    }
    mark(CUSTOM);
    if (from.value === '') from.focus();
  }

  function submitDates(): void {
    if (from.value === '' || to.value === '') return;
    isEntering = false;
    const [first, last] = from.value <= to.value ? [from.value, to.value] : [to.value, from.value];
    onChoice({ from: first, to: last });
  }

  function mark(name: string): void {
    for (const { name: own, pressed } of buttons) pressed.setAttribute('aria-pressed', String(own === name));
    select.value = name;
    form.hidden = name !== CUSTOM;
    from.max = to.max = dateAt(Date.now(), zone);
  }

  return {
    show(choice, givenZone) {
      zone = givenZone;
      const text = JSON.stringify(choice);
      const isOther = shown !== null && shown !== text;
      shown = text;
      if (isEntering && !isOther) return;
      isEntering = false;
      if (typeof choice === 'string') {
        mark(choice);
        return;
      }
      mark(CUSTOM);
      from.value = choice.from;
      to.value = choice.to;
    },
  };
}
