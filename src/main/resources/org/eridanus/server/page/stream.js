// The events that pass by, a few of them, newest first.

import { $, make } from "./dom.js";

const SHOWN = 11;

export class Passing {
  #paused = false;

  constructor() {
    $("pause").addEventListener("click", () => {
      this.#paused = !this.#paused;
      $("pause").setAttribute("aria-pressed", String(this.#paused));
      $("pause").textContent = this.#paused ? "Go on" : "Pause";
    });
  }

  add({ events, more }) {
    if (this.#paused || document.hidden) return;
    const list = $("events");
    for (const event of events) {
      list.prepend(make("li", "", make("span", "actor", event.user), make("span", "thing", event.item.title), this.#badge(event)));
    }
    while (list.children.length > SHOWN) list.lastElementChild.remove();
    $("more").textContent = more > 0 ? `and ${more.toLocaleString("en")} more` : "";
  }

  #badge(event) {
    if (event.outcome !== "ranked") return make("span", "badge", event.outcome === "repeat" ? "seen before" : event.outcome);
    const rank = event.ranks.model;
    const badge = make("span", rank <= 10 ? "badge hit" : "badge", `${rank <= 10 ? "foreseen, " : ""}rank ${rank.toLocaleString("en")}`);
    badge.title = `of ${event.candidates.toLocaleString("en")} items; popularity ${event.ranks.popularity}, sequential rules ${event.ranks.sequentialRules}`;
    return badge;
  }
}
