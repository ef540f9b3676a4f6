/** Keeps one element per key, so that an update moves and rewrites rows but leaves focus and hover where they are. */

export interface Row<Item> {
  readonly root: HTMLElement;
  update(item: Item): void;
}

export class KeyedList<Item> {
  readonly #rows = new Map<string, Row<Item>>();

  constructor(
    readonly container: HTMLElement,
    readonly keyOf: (item: Item) => string,
    readonly create: () => Row<Item>,
  ) {}

  show(items: readonly Item[]): void {
    const keys = new Set(items.map(this.keyOf));
    for (const [key, { root }] of this.#rows) {
      if (keys.has(key)) continue;
      root.remove();
      this.#rows.delete(key);
    }
    const focused = document.activeElement;
    let next = this.container.firstElementChild;
    for (const item of items) {
      const key = this.keyOf(item);
      const row = this.#rows.get(key) ?? this.create();
      this.#rows.set(key, row);
      row.update(item);
      if (row.root === next) next = next.nextElementSibling;
      else this.container.insertBefore(row.root, next);
    }
    // A row that moves loses the focus that was in it.
    if (
      focused instanceof HTMLElement &&
      focused !== document.activeElement &&
      this.container.contains(focused)
    ) {
      focused.focus({ preventScroll: true });
    }
  }
}
