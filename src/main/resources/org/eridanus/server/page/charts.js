// Curves over the latest minutes, drawn by uPlot in the page's own colours.

const KEPT = 600;
/** With fewer ranked events than this, shares say nothing yet. */
const ENOUGH = 200;
const COLUMNS = ["time", "model", "popularity", "sequentialRules", "eventsPerSecond", "listMs", "learnedMs"];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const percent = (value) => (value == null ? null : 100 * value);

const FORMS = {
  "plot-hit": { columns: ["model", "popularity", "sequentialRules"], colours: ["--s1", "--s2", "--s3"], unit: "%" },
  "plot-rate": { columns: ["eventsPerSecond"], colours: ["--s1"], fill: true, unit: "" },
  "plot-fresh": { columns: ["listMs", "learnedMs"], colours: ["--s1", "--s4"], unit: "" },
};

export class Charts {
  #data = Object.fromEntries(COLUMNS.map((name) => [name, []]));
  #plots = new Map();

  constructor() {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#build());
    new ResizeObserver(() => this.#resize()).observe(document.body);
    this.#build();
  }

  /** Starts over with what was before. */
  reset(samples) {
    for (const name of COLUMNS) this.#data[name] = [];
    samples.slice(-KEPT).forEach((sample) => this.#push(sample));
    this.#draw();
  }

  add(sample) {
    this.#push(sample);
    if (!document.hidden) this.#draw();
  }

  #push(sample) {
    for (const name of COLUMNS) {
      const column = this.#data[name];
      const value = sample[name];
      if (name === "time") column.push(value / 1000);
      else if (FORMS["plot-hit"].columns.includes(name)) column.push(sample.ranked < ENOUGH ? null : percent(value));
      else column.push(value);
      if (column.length > KEPT) column.shift();
    }
  }

  #of(id) {
    return ["time", ...FORMS[id].columns].map((name) => this.#data[name]);
  }

  #build() {
    this.#plots.forEach((plot) => plot.destroy());
    for (const [id, form] of Object.entries(FORMS)) {
      const place = document.getElementById(id);
      const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
      const options = {
        width: place.clientWidth || 300,
        height: place.clientHeight || 120,
        cursor: { show: false },
        legend: { show: false },
        scales: { y: { range: (plot, min, max) => [0, max > 0 ? max * 1.12 : 1] } },
        axes: [
          { ...axis, grid: { show: false }, size: 22, space: 70, values: (plot, ticks) => ticks.map((t) => new Date(t * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false })) },
          { ...axis, size: 46, space: 34, values: (plot, ticks) => ticks.map((t) => t.toLocaleString("en") + form.unit) },
        ],
        series: [{}, ...form.colours.map((name, i) => ({
          stroke: colour(name),
          width: i === 0 ? 2.2 : 1.6,
          points: { show: false },
          fill: form.fill ? colour(name) + "22" : undefined,
        }))],
      };
      this.#plots.set(id, new window.uPlot(options, this.#of(id), place));
    }
  }

  #draw() {
    this.#plots.forEach((plot, id) => plot.setData(this.#of(id)));
  }

  #resize() {
    this.#plots.forEach((plot, id) => {
      const place = document.getElementById(id);
      if (place.clientWidth && (plot.width !== place.clientWidth || plot.height !== place.clientHeight)) {
        plot.setSize({ width: place.clientWidth, height: place.clientHeight });
      }
    });
  }
}
