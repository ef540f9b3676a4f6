/** Makes and finds elements. Text becomes text nodes only: nothing from data is ever parsed as markup. */

type AttributeValue = string | number | boolean;

/** `true` is an empty attribute, `false` none. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, AttributeValue>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

export function find<Type extends Element>(selector: string, type: new () => Type): Type {
  const found = document.querySelector(selector);
  if (found instanceof type) return found;
  throw new TypeError(`the page has no ${type.name} at ${selector}`);
}

/** Touches the page only where the text differs: a selection outlives updates that change nothing. */
export function setText(target: Element, text: string): boolean {
  if (target.textContent === text) return false;
  target.textContent = text;
  return true;
}

export function button(
  label: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  onClick: () => void,
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', onClick);
  return made;
}
