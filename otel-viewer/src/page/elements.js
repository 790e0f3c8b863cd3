"use strict";
// Elements and formats. Text reaches the page only as text nodes, so nothing in a span can become markup.

/** Makes an element: `properties` are attributes, or listeners if they are functions. */
function element(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (name.startsWith("--")) made.style.setProperty(name, value);
    else if (name === "left" || name === "width") made.style[name] = value;
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter(child => child != null));
  return made;
}

/** A text of unknown origin: isolated, and cut if it is very long, with the rest at hand. */
const LONGEST = 2000;
function anyText(text) {
  const shown = element("span", { class: "any" }, text.length > LONGEST ? text.slice(0, LONGEST) + "…" : text);
  if (text.length <= LONGEST) return shown;
  const more = element("button", { type: "button", click: event => {
    event.stopPropagation();
    shown.replaceChildren(text);
    more.remove();
  } }, `show all ${text.length.toLocaleString("en")} characters`);
  return element("span", null, shown, " ", more);
}

/** A short text of unknown origin, for rows. */
function shortText(text, tag = "span") {
  return element(tag, { class: "any", title: text.length > 120 ? text.slice(0, 1000) : null },
    text.length > 120 ? text.slice(0, 120) + "…" : text);
}

/** Nanoseconds with a unit and three digits. */
function duration(nanoseconds) {
  if (nanoseconds === 0) return "0";
  const [value, unit] = nanoseconds < 1e3 ? [nanoseconds, "ns"] : nanoseconds < 1e6 ? [nanoseconds / 1e3, "µs"]
    : nanoseconds < 1e9 ? [nanoseconds / 1e6, "ms"] : [nanoseconds / 1e9, "s"];
  return `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ${unit}`;
}

/** The time of day of nanoseconds since 1970, with milliseconds. */
function timeOfDay(nanoseconds) {
  const date = new Date(Number(BigInt(nanoseconds) / 1000000n));
  return date.toTimeString().slice(0, 8) + "." + String(date.getMilliseconds()).padStart(3, "0");
}

/** A hue that is always the same for a service. */
function hue(service) {
  let hash = 7;
  for (const letter of service) hash = (hash * 31 + letter.codePointAt(0)) >>> 0;
  return String((hash * 47) % 360);
}

/** Replaces the children of `parent` by an element for each item. Elements whose item is unchanged stay. */
function reconcile(parent, items, key, make) {
  const before = parent.madeFrom || new Map();
  const after = new Map();
  const children = items.map(item => {
    const text = JSON.stringify(item);
    const old = before.get(key(item));
    const entry = old && old.text === text ? old : { text, child: make(item) };
    after.set(key(item), entry);
    return entry.child;
  });
  parent.madeFrom = after;
  const isSame = parent.children.length === children.length && children.every((child, at) => parent.children[at] === child);
  if (!isSame) parent.replaceChildren(...children);
}

/** Puts a text on the clipboard, also where the browser grants no access to it. */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = element("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const before = button.textContent;
  button.textContent = "copied";
  setTimeout(() => { button.textContent = before; }, 1200);
}
