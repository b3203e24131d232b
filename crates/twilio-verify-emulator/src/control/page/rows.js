// Lists whose rows are updated in place, by their keys: selection, focus and scroll positions survive.

/** Whether a person has selected something in an element. */
function isSelected(element) {
  const selection = getSelection();
  return !selection.isCollapsed && selection.containsNode(element, true);
}

const isInUse = (element) => element.contains(document.activeElement) || isSelected(element);

export class Rows {
  #elements = new Map();
  #rest = 0;

  /** `key` of an item; `create` makes an element with a method `update`, which shows an item. */
  constructor(list, key, create) {
    this.list = list;
    this.key = key;
    this.create = create;
  }

  /** Whether a person has scrolled down, or selected something: then the rows below should stay too. */
  isHeld() {
    return this.list.closest(".list, .scroll")?.scrollTop > 0 || [...this.list.children].some(isSelected);
  }

  /** Shows items in their order. A row that is gone and in use stays until it is not. */
  show(items) {
    const wanted = new Map(items.map((item) => [this.key(item), item]));
    const hold = this.#hold(wanted);
    this.#change(wanted);
    hold();
  }

  /**
   * Keeps what is looked at in its place: the row with the selection, or else the first one in sight. The browser's own
   * way would fail when that row goes. At the top of the list, new rows push the others down.
   */
  #hold(wanted) {
    const scroller = this.list.closest(".list, .scroll");
    const rows = [...this.list.children];
    const top = scroller?.getBoundingClientRect().top ?? 0;
    const inSight = (element) => element.getBoundingClientRect().bottom > top;
    const row = rows.find(isSelected) ?? (scroller?.scrollTop > 0 && rows.find((element) => wanted.has(element.dataset.key) && inSight(element)));
    if (!scroller || !row) return () => {};
    const before = row.getBoundingClientRect().top;
    return () => {
      const moved = row.isConnected ? row.getBoundingClientRect().top - before : 0;
      if (!moved) return;
      const wantedTop = scroller.scrollTop + moved + this.#rest;
      scroller.scrollTop = wantedTop;
      // Positions are whole pixels, heights are not: without the rest, the row would creep.
      const rest = wantedTop - scroller.scrollTop;
      this.#rest = Math.abs(rest) < 1 ? rest : 0;
    };
  }

  #change(wanted) {
    for (const [key, row] of this.#elements) {
      if (!wanted.has(key) && !(wanted.size > 0 && isInUse(row.element))) {
        row.element.remove();
        this.#elements.delete(key);
      }
    }
    let place = this.list.firstElementChild;
    for (const [key, item] of wanted) {
      let row = this.#elements.get(key);
      if (!row) {
        row = this.create(item);
        this.#elements.set(key, row);
      }
      row.update(item);
      // Rows that stay past their time are skipped.
      while (place && place !== row.element && !wanted.has(place.dataset.key)) place = place.nextElementSibling;
      if (row.element === place) place = place.nextElementSibling;
      else this.list.insertBefore(row.element, place);
      row.element.dataset.key = key;
    }
  }

  get(key) {
    return this.#elements.get(key)?.element;
  }

  get keys() {
    return [...this.list.children].map((element) => element.dataset.key);
  }
}

/** The key of the row before or after the one with a key; the first or last one if there is none. */
export function beside(keys, key, step) {
  const at = keys.indexOf(key);
  if (at < 0) return step > 0 ? keys[0] : keys.at(-1);
  return keys[Math.min(Math.max(at + step, 0), keys.length - 1)];
}
