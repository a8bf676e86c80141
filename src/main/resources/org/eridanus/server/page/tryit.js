// One user: history, recommendations with reasons, and acting on them.

import { $, ask, genres, make, whole, words } from "./dom.js";
import { Combobox } from "./combobox.js";

const COLOURS = 7;
const HISTORY = 8;
const SUGGESTED = 6;
const PATIENCE = 15_000;

/** What a part of a score is called, in words. */
const NAMES = {
  "recent·item counts": "what followed what",
  "recent·item": "like the latest",
  "history·item": "like the whole history",
  "session·item": "like those of this session",
  "session·genre": "of this session's genres",
  "user·item": "the user's own taste",
  item: "liked by everybody",
  tower: "network's correction",
  popularity: "popularity",
};

export class TryIt {
  #user = ""; #made = false; #writable = false; #items = []; #pending = null; #lists = []; #model = null; #watch; #timer = 0; #seen = new Map(); #consumed = Infinity;

  /** Whether learning is stopped. */
  frozen = false;

  /** `watch(user)` asks for the user's lists as they become readable. */
  constructor(watch) {
    this.#watch = watch;
    new Combobox($("user"), $("user-list"),
      async (text) => (await ask(`/users?limit=12&query=${encodeURIComponent(text.trim().slice(0, 64))}`)).users
        .map((each) => ({ value: each.user, label: each.user, note: words(each.attributes).slice(0, 60) })),
      (entry) => this.pick(entry.value, false));
    new Combobox($("item"), $("item-list"),
      async (text) => (await ask(`/items?limit=12&query=${encodeURIComponent(text.trim())}`)).items
        .map((each) => ({ value: each.item, label: each.title, note: genres(each.attributes) })),
      (entry) => { if (!entry.typed) this.#act(entry.value, entry.label); });
    $("invent").addEventListener("click", () => this.pick(`guest-${Math.random().toString(36).slice(2, 7)}`, true));
  }

  writable(yes) {
    this.#writable = yes;
    $("item-field").hidden = !yes;
  }

  get user() {
    return this.#user;
  }

  /** Offers those who were active last, as long as nobody is picked. */
  async suggest() {
    if (this.#user) return;
    try {
      const { users } = await ask(`/users?limit=${SUGGESTED}`);
      $("people").replaceChildren(...users.map((each) => {
        const button = make("button", "", each.user, make("small", "", Object.values(each.attributes).flat().join(" · ")));
        button.type = "button";
        button.addEventListener("click", () => {
          this.pick(each.user, false);
          // The button is gone now; who uses the keyboard goes on from the person.
          $("who-line").focus();
        });
        return make("li", "", button);
      }));
      $("active").hidden = users.length === 0;
    } catch {
      // The field finds users as well.
    }
  }

  async pick(user, made) {
    this.#user = user;
    this.#made = made;
    this.#items = [];
    this.#pending = null;
    this.#lists = [];
    this.#consumed = Infinity;
    $("user").value = user;
    $("nobody").hidden = true;
    $("person").hidden = false;
    $("who").textContent = user;
    $("who-note").textContent = "";
    $("history").replaceChildren();
    $("list-items").replaceChildren();
    $("list-source").textContent = "";
    $("reasons").replaceChildren();
    this.#say("");
    this.#watch(user);
    await this.refresh();
  }

  /** Asks for the user as things are now, e.g. after the connection was lost. */
  async refresh(note) {
    const user = this.#user;
    if (!user) return;
    try {
      const id = encodeURIComponent(user);
      const [known, list] = await Promise.all([ask(`/users/${id}`), ask(`/recommendations/${id}?explain=true`)]);
      if (user !== this.#user) return;
      this.#showHistory(known);
      this.#showList(list, note || "from the scorer's memory");
      this.#catchUp(known, list);
    } catch (error) {
      if (user === this.#user) {
        this.#say(error.message, true);
        this.#enable();
      }
    }
  }

  /** A list that came while the page was not connected is not told again: what is known of the user says that it was there. */
  #catchUp(known, list) {
    const pending = this.#pending;
    if (!pending || !pending.told || pending.listed) return;
    if (known.consumed <= pending.consumed || !known.history.some((each) => each.item === pending.item)) return;
    pending.missed = true;
    if (!this.frozen && covers(list.trainedThrough, pending.told)) pending.learned = performance.now() - pending.began;
    clearTimeout(this.#timer);
    this.#tell();
  }

  /** A list of the user could be read from the topic. */
  async listed(list) {
    if (list.user !== this.#user) return;
    const at = performance.now();
    this.#lists.push({ list, at });
    if (this.#lists.length > 8) this.#lists.shift();
    const more = list.more > 0 ? `, the newest of ${(list.more + 1).toLocaleString("en")}` : "";
    this.#showList(list, `read from the topic recommendations${more}`);
    this.#settle();
    try {
      const known = await ask(`/users/${encodeURIComponent(list.user)}`);
      if (list.user === this.#user) this.#showHistory(known);
    } catch {
      // The next list brings it.
    }
  }

  /** Another version of the model is served. */
  async served(model) {
    this.#model = { model, at: performance.now() };
    await this.#learn();
  }

  /** Looks whether the version that is served has learned from what was told; its list may come before or after it. */
  async #learn() {
    const pending = this.#pending;
    if (!this.#model || !pending || !pending.told || pending.learned || this.frozen) return;
    if (!pending.listed && !pending.missed) return;
    const { model, at } = this.#model;
    if (!covers(model.trainedThrough, pending.told)) return;
    pending.learned = Math.max(pending.listed, at - pending.began);
    clearTimeout(this.#timer);
    this.#tell();
    await this.refresh("by the model that has learned from it");
  }

  async #act(item, title) {
    if (!this.#writable || !this.#user) return;
    const pending = {
      item, title, began: performance.now(), consumed: this.#consumed, told: null, listed: 0, missed: false, learned: 0,
    };
    this.#pending = pending;
    this.#lists = [];
    this.#say(`telling Kafka of “${title}” …`);
    $("item").value = "";
    try {
      pending.told = await ask("/interactions", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ user: this.#user, item, type: "view" }),
      });
    } catch (error) {
      if (this.#pending === pending) {
        this.#pending = null;
        this.#say(error.message, true);
        this.#enable();
      }
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#pending !== pending || pending.listed || pending.missed) return;
      this.#say("no new list within 15 s; is the scorer at work, and are views positive feedback here?", true);
      this.#enable();
    }, PATIENCE);
    this.#settle();
  }

  /** Looks whether a list that came covers what was told; either may be first. */
  #settle() {
    const pending = this.#pending;
    if (!pending || !pending.told || pending.listed) return;
    const { partition, offset } = pending.told;
    const found = this.#lists.find(({ list }) => !list.request && list.cause.partition === partition && list.cause.offset >= offset);
    if (!found) return;
    pending.listed = found.at - pending.began;
    this.#tell();
    this.#learn();
  }

  #tell() {
    const { title, listed, learned } = this.#pending;
    const changed = listed ? `${whole(listed)} ms after the click` : "while the page was not connected";
    const after = listed ? `had learned from it after ${whole(learned)} ms` : "has learned from it";
    this.#say(`“${title}” changed the list ${changed}` +
      (learned ? `, and the model ${after}.` : this.frozen ? "; learning is frozen." : "; the model is learning from it …"));
    // When it came is not known where the page was not connected.
    if (!listed) return;
    $("outcome").dataset.listed = String(Math.round(listed));
    $("outcome").dataset.learned = String(Math.round(learned));
  }

  #say(text, bad) {
    $("outcome").textContent = text;
    $("outcome").classList.toggle("bad", Boolean(bad));
    delete $("outcome").dataset.listed;
    delete $("outcome").dataset.learned;
  }

  #showHistory(known) {
    this.#consumed = known.consumed;
    const note = words(known.attributes);
    $("who-note").textContent = known.consumed === 0
      ? (this.#made ? "new here: nothing is known yet" : "nothing is known of this user yet")
      : `${known.consumed.toLocaleString("en")} ${known.consumed === 1 ? "event" : "events"}${note ? " · " + note : ""}`;
    const watched = known.history.findIndex((each) => each.item === this.#pending?.item);
    const chips = known.history.slice(0, HISTORY).map((each, i) => {
      const chip = make("li", i === watched ? "fresh" : "", each.title);
      chip.title = genres(each.attributes);
      return chip;
    });
    if (known.consumed > chips.length) chips.push(make("li", "rest", `and ${(known.consumed - chips.length).toLocaleString("en")} more`));
    if (known.consumed === 0) chips.push(make("li", "rest", this.#writable ? "say what you watched: from the list, or find it by title" : "empty"));
    $("history").replaceChildren(...chips);
  }

  #showList(list, source) {
    const before = this.#items;
    const places = this.#positions();
    this.#items = list.items.map((each) => each.item);
    $("list-source").textContent = `${source}, version ${list.modelVersion.toLocaleString("en")}` +
      (list.fallback ? ` · ${list.fallback === "no-history" ? "no history yet: by popularity" : list.fallback}` : "");
    const open = new Set([...document.querySelectorAll(".place details[open]")].map((each) => each.closest("li").dataset.item));
    const focused = document.activeElement?.closest?.(".place")?.dataset.item;
    const largest = Math.max(...list.items.map((each) => total(each.why)), 1e-9);
    $("list-items").replaceChildren(...list.items.map((each, i) =>
      this.#place(each, i, before.length > 0 && !before.includes(each.item), open.has(each.item), largest)));
    this.#legend(list.items);
    this.#slide(places);
    if (focused) {
      const again = [...$("list-items").children].find((each) => each.dataset.item === focused) || $("list-items").firstElementChild;
      again?.querySelector("button")?.focus({ preventScroll: true });
    }
  }

  #place(each, i, fresh, open, largest) {
    const kinds = genres(each.attributes);
    const title = make("div", "title", each.title, each.title.endsWith(`(${kinds})`) ? null : make("span", "genres", kinds),
      fresh ? make("em", "", "new") : null);
    const place = make("li", fresh ? "place fresh" : "place", make("span", "rank", String(i + 1)), title);
    place.dataset.item = each.item;
    if (this.#writable) {
      const button = make("button", "", "Watched it");
      button.type = "button";
      button.setAttribute("aria-label", `Watched it: ${each.title}`);
      button.addEventListener("click", () => {
        button.disabled = true;
        this.#act(each.item, each.title);
      });
      place.append(button);
    }
    place.append(this.#why(each, open, largest));
    return place;
  }

  #why(each, open, largest) {
    const parts = [...each.why].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
    const bar = make("div", "bar");
    for (const part of parts.filter((one) => one.contribution > 0)) {
      const segment = make("i", this.#colour(part.combination));
      segment.style.width = `${100 * part.contribution / largest}%`;
      bar.append(segment);
    }
    const summary = make("summary", "", bar, make("small", "", "why"));
    summary.setAttribute("aria-label", `Why ${each.title}`);
    const table = make("dl", "parts");
    const widest = Math.max(...parts.map((one) => Math.abs(one.contribution)), 1e-9);
    for (const part of parts) {
      const fill = make("i", this.#colour(part.combination));
      const width = 50 * Math.abs(part.contribution) / widest;
      fill.style.width = `${width}%`;
      fill.style.left = `${part.contribution < 0 ? 50 - width : 50}%`;
      table.append(make("dt", "", part.combination), make("dd", "axis", fill), make("dd", "value", signed(part.contribution)));
    }
    table.append(make("dt", "sum", "score"), make("dd", "sum"), make("dd", "value sum", signed(each.score)));
    const details = make("details", "", summary, table);
    details.open = open;
    return details;
  }

  #legend(items) {
    const totals = new Map();
    items.forEach((each) => each.why.forEach((part) => totals.set(part.combination, (totals.get(part.combination) || 0) + Math.abs(part.contribution))));
    const named = [...totals.entries()].filter(([, size]) => size > 0).sort((a, b) => b[1] - a[1]).map(([name]) => {
      const entry = make("li", this.#colour(name), name);
      if (NAMES[name]) entry.append(`: ${NAMES[name]}`);
      return entry;
    });
    $("reasons").replaceChildren(...named);
  }

  #colour(combination) {
    if (!this.#seen.has(combination)) this.#seen.set(combination, this.#seen.size % COLOURS);
    return `c${this.#seen.get(combination)}`;
  }

  #enable() {
    document.querySelectorAll(".place button").forEach((button) => { button.disabled = false; });
  }

  #positions() {
    return new Map([...$("list-items").children].map((each) => [each.dataset.item, each.getBoundingClientRect().top]));
  }

  /** Lets places slide from where they were. */
  #slide(before) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const each of $("list-items").children) {
      const from = before.get(each.dataset.item);
      const by = from === undefined ? 0 : from - each.getBoundingClientRect().top;
      if (by) each.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], { duration: 350, easing: "ease-out" });
    }
  }
}

/** Whether what was learned from has an event in it, which stands at a partition and an offset. */
const covers = (trainedThrough, { partition, offset }) => (trainedThrough[partition] ?? -1) >= offset;
const total = (why) => why.reduce((sum, part) => sum + Math.max(0, part.contribution), 0);
const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
