// The page: its views, its keys, and when they are read again.

import * as inbox from "./page/inbox.js";
import { view as attempts } from "./page/attempts.js";
import { byId, say, setAttribute, setText } from "./page/dom.js";
import { view as faults } from "./page/faults.js";
import { view as requests } from "./page/requests.js";
import { view as start } from "./page/start.js";
import * as top from "./page/top.js";
import { view as webhooks } from "./page/webhooks.js";

/** The shortest time between two reads, in milliseconds. */
const PAUSE = 200;

const views = { inbox, requests, webhooks, faults, attempts, start };
let [current, key] = ["inbox", undefined];

// One read at a time: a change during a read leads to another one.
let [reading, again, connected] = [false, false, false];
async function refresh() {
  again = true;
  if (reading) return;
  reading = true;
  while (again) {
    again = false;
    const began = performance.now();
    try {
      await Promise.all([top.refresh(), views[current].refresh()]);
      if (connected) live("Live", true);
    } catch (error) {
      live(error instanceof TypeError ? "The emulator does not respond, retrying…" : error.message, false);
    }
    if (again) await new Promise((resolve) => setTimeout(resolve, PAUSE - (performance.now() - began)));
  }
  reading = false;
}

function live(text, isGood) {
  setText(byId("live"), text);
  byId("live").classList.toggle("good", isGood);
}

/** Shows the view, and the item in it, that the address names. */
async function route() {
  const [, name, item] = location.hash.split("/");
  current = Object.hasOwn(views, name) ? name : "inbox";
  key = item && decodeURIComponent(item);
  for (const section of document.querySelectorAll("main > section")) section.hidden = section.id !== current;
  for (const link of document.querySelectorAll("nav a")) setAttribute(link, "aria-current", link.hash === `#/${current}` ? "page" : null);
  try {
    await views[current].open(key);
  } catch (error) {
    say(error.message, true);
  }
  await refresh();
}

const isTyping = ({ target }) => target.closest("input, select, textarea, dialog");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const view = views[current];
  if (event.key === "Escape") {
    if (isTyping(event)) event.target.blur();
    else if (key) location.hash = `#/${current}`;
    return;
  }
  if (isTyping(event)) return;
  const act = {
    "/": () => view.search?.().focus(),
    j: () => view.move?.(1),
    k: () => view.move?.(-1),
    c: () => view.copy?.(),
  }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

top.start(async () => {
  location.hash = `#/${current}`;
  await refresh();
});
for (const view of Object.values(views)) view.start?.(refresh);
addEventListener("hashchange", route);

setInterval(() => {
  top.tick();
  if (current === "inbox" && inbox.tick()) refresh();
}, 500);

const changes = new EventSource("changes");
changes.addEventListener("open", () => (connected = true));
changes.addEventListener("change", refresh);
changes.addEventListener("error", () => {
  connected = false;
  live("The emulator does not respond, retrying…", false);
});
await route();
