// Follows the server's events and hands them to the parts of the page.

import { $, whole } from "./dom.js";
import { Charts } from "./charts.js";
import { Passing } from "./stream.js";
import { TryIt } from "./tryit.js";

const AGAIN = 1_500;
const SILENCE = 15_000;
/** Seconds without an event after which the page says so. */
const QUIET = 5;

const charts = new Charts();
const passing = new Passing();
const tryIt = new TryIt(() => connect());

let source = null;
let again = 0;
let silence = 0;
let quiet = 0;

function live() {
  if (tryIt.frozen) state("waiting", "live, learning is frozen");
  else state("live", "live");
}

function state(name, text) {
  $("status").dataset.state = name;
  if ($("status").textContent !== text) $("status").textContent = text;
}

function disconnect() {
  clearTimeout(again);
  clearTimeout(silence);
  source?.close();
  source = null;
}

function connect() {
  disconnect();
  // A browser has six connections to a server, for all pages together: one that nobody sees needs none.
  if (document.hidden) return;
  const user = tryIt.user;
  source = new EventSource(user ? `/live?user=${encodeURIComponent(user)}` : "/live");
  const on = (name, take) => source.addEventListener(name, (event) => {
    clearTimeout(silence);
    silence = setTimeout(() => state("waiting", "silent"), SILENCE);
    take(JSON.parse(event.data));
  });
  on("hello", (hello) => {
    tryIt.frozen = hello.frozen;
    live();
    tryIt.writable(hello.writable);
    $("facts").textContent = `preset ${hello.preset} · ${whole(hello.items)} items · ${whole(hello.users)} users`;
    charts.reset(hello.samples);
    if (hello.samples.length > 0) figures(hello.samples[hello.samples.length - 1]);
    tryIt.refresh();
    tryIt.suggest();
  });
  on("sample", (sample) => {
    live();
    charts.add(sample);
    figures(sample);
  });
  on("passed", (events) => passing.add(events));
  on("model", (model) => {
    tryIt.frozen = model.frozen;
    live();
    tryIt.served(model);
  });
  on("list", (list) => tryIt.listed(list));
  source.onerror = () => {
    state("waiting", "reconnecting");
    // A browser tries again by itself after a lost connection, but not after a refusal.
    if (source.readyState === EventSource.CLOSED) again = setTimeout(connect, AGAIN);
  };
}

function percent(value) {
  return value === null ? "–" : (100 * value).toFixed(1);
}

function figures(sample) {
  $("rate").textContent = whole(sample.eventsPerSecond);
  quiet = sample.eventsPerSecond > 0 ? 0 : quiet + 1;
  $("rate-note").textContent = `${whole(sample.events)} ${tryIt.frozen ? "tested on so far; learning is frozen" : "learned from so far"}` + (quiet > QUIET ? "; none comes in now" : "");
  $("hit").textContent = percent(sample.model);
  $("l-model").textContent = `${percent(sample.model)} %`;
  $("l-popularity").textContent = `${percent(sample.popularity)} %`;
  $("l-rules").textContent = `${percent(sample.sequentialRules)} %`;
  if (sample.model !== null && sample.popularity > 0 && sample.sequentialRules > 0) {
    const over = 100 * (sample.model / sample.sequentialRules - 1);
    $("hit-note").textContent = `${(sample.model / sample.popularity).toFixed(1)} × popularity, ` +
      `${over < 0 ? "−" : "+"}${Math.abs(over).toFixed(0)} % over rules`;
  }
  $("list").textContent = whole(sample.listMs);
  $("learned").textContent = whole(sample.learnedMs);
  if (sample.listMs99 !== null) $("list-note").textContent = `median; 99 % within ${whole(sample.listMs99)} ms`;
  if (sample.learnedMs99 !== null) $("learned-note").textContent = `median; 99 % within ${whole(sample.learnedMs99)} ms`;
}

connect();
document.addEventListener("visibilitychange", () => {
  state("connecting", "connecting");
  connect();
});
addEventListener("pagehide", disconnect);
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
