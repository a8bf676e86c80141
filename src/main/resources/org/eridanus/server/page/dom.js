// Small helpers for the document and for requests.

export const $ = (id) => document.getElementById(id);

/** An element with text and children; never markup. */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** The answer of the server as JSON; a problem becomes an error with its detail. */
export async function ask(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail || response.statusText);
  return body;
}

export const words = (attributes) => Object.entries(attributes).map(([name, values]) => `${name} ${values.join(", ")}`).join(" · ");

export const genres = (attributes) => (attributes.genres || []).join(", ");

export const whole = (value) => (value === null || value === undefined ? "–" : Math.round(value).toLocaleString("en"));
