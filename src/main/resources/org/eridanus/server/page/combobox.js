// A text field with suggestions, after the combobox pattern of the ARIA practices.

import { make } from "./dom.js";

export class Combobox {
  #field; #list; #search; #chosen; #found = []; #at = -1; #asked = 0; #timer = 0;

  /** `search(text)` gives `[{value, label, note}]`; `chosen(entry)` is told of one; Enter without one chooses the text. */
  constructor(field, list, search, chosen) {
    this.#field = field;
    this.#list = list;
    this.#search = search;
    this.#chosen = chosen;
    field.addEventListener("input", () => this.#soon());
    field.addEventListener("focus", () => this.#soon());
    field.addEventListener("blur", () => this.#close());
    field.addEventListener("keydown", (event) => this.#key(event));
    // Before the field loses the focus.
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(this.#found[Number(option.dataset.at)]);
    });
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), 120);
  }

  async #look() {
    const asked = ++this.#asked;
    let found = [];
    try {
      found = await this.#search(this.#field.value);
    } catch {
      // What cannot be looked up can still be typed.
    }
    if (asked !== this.#asked || document.activeElement !== this.#field) return;
    this.#found = found;
    this.#at = -1;
    this.#list.replaceChildren(...found.map((entry, i) => {
      const option = make("li", "", entry.label, make("span", "", entry.note));
      option.id = `${this.#list.id}-${i}`;
      option.dataset.at = i;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      return option;
    }));
    this.#show(found.length > 0);
  }

  #show(open) {
    this.#list.hidden = !open;
    this.#field.setAttribute("aria-expanded", String(open));
    if (!open) this.#field.removeAttribute("aria-activedescendant");
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked++;
    this.#show(false);
  }

  #move(by) {
    if (this.#list.hidden || this.#found.length === 0) return;
    const count = this.#found.length;
    this.#at = this.#at < 0 && by < 0 ? count - 1 : (this.#at + by + count) % count;
    [...this.#list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.#at)));
    const option = this.#list.children[this.#at];
    this.#field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.#list.hidden) this.#soon();
      else this.#move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const typed = this.#field.value.trim();
      const same = this.#found.find((entry) => entry.value === typed);
      if (this.#at >= 0) this.#choose(this.#found[this.#at]);
      else if (same) this.#choose(same);
      else if (typed) this.#choose({ value: typed, typed: true });
    } else if (event.key === "Escape") {
      this.#close();
    }
  }

  #choose(entry) {
    if (!entry) return;
    this.#close();
    this.#chosen(entry);
  }
}
