// The top bar: the clock, the fixed code, and the reset.

import { get, post, put } from "./api.js";
import { attempt, byId, setAttribute, setText } from "./dom.js";

// When the emulator's clock was read, and what it showed.
let read = { at: performance.now(), now: Date.now(), running: false };

/** The emulator's time, in milliseconds since 1970. */
export const now = () => read.now + (read.running ? performance.now() - read.at : 0);

export const timeOf = (date) => new Date(date).toISOString().slice(11, 19);
const dateOf = (date) => new Date(date).toISOString().slice(0, 10);
export const instant = (date) => `${dateOf(date)} ${timeOf(date)} UTC`;

/** How long ago something was, in one unit. */
export function ago(date) {
  const seconds = Math.max(0, Math.floor((now() - new Date(date)) / 1000));
  for (const [unit, size] of [["d", 86400], ["h", 3600], ["min", 60]]) {
    if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  }
  return `${seconds} s`;
}

/** The time until a date, as minutes and seconds; null if it is over. */
export function left(date) {
  // The clock that was read may be a part of a second behind.
  const seconds = Math.floor((new Date(date) - now()) / 1000);
  if (seconds <= 0) return null;
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function tick() {
  const time = now();
  setText(byId("clock-date"), dateOf(time));
  setText(byId("clock-time"), timeOf(time));
  setText(byId("clock-state"), read.running ? "UTC" : "UTC, stopped");
}

function setClock(clock) {
  // The response has whole seconds: a difference of less is kept, so that the clock does not jump.
  const server = Date.parse(clock.now);
  const shown = now();
  const isClose = read.running && clock.running && shown >= server && shown < server + 1500;
  read = { at: performance.now(), now: isClose ? shown : server, running: clock.running };
  tick();
}

export async function refresh() {
  const [clock, { code }] = await Promise.all([get("clock"), get("code")]);
  setClock(clock);
  const badge = byId("code-badge");
  setText(byId("code-state"), code ?? "random");
  badge.classList.toggle("fixed", code !== null);
  setAttribute(badge, "data-code", code ?? "");
}

async function change(action, done) {
  const isDone = await attempt(async () => setClock(await action()), done);
  return isDone;
}

/** A dialog whose form does something, and closes once it is done. */
function dialog(id, opener, open, submit) {
  const box = byId(id);
  opener.addEventListener("click", () => {
    open(box);
    box.showModal();
  });
  box.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await submit(event.submitter?.value)) box.close();
  });
  box.querySelector(".close").addEventListener("click", () => box.close());
}

export function start(afterReset) {
  for (const button of document.querySelectorAll("[data-advance]")) {
    const advance_seconds = Number(button.dataset.advance);
    const by = button.textContent.replace("+", "");
    button.addEventListener("click", () =>
      change(() => post("clock", { advance_seconds }), () => `The clock is ${by} ahead of where it was`));
  }

  const [time, stopped] = [byId("clock-input"), byId("clock-stopped")];
  dialog("clock-dialog", byId("clock"), () => {
    time.value = new Date(now()).toISOString().slice(0, 19);
    stopped.checked = !read.running;
  }, (button) => {
    const machine = button === "machine";
    const value = machine ? new Date().toISOString() : `${time.value.length === 16 ? `${time.value}:00` : time.value}Z`;
    const running = machine || !stopped.checked;
    return change(() => put("clock", { now: value, running }), () => `The clock shows ${instant(now())}`);
  });

  const code = byId("code-input");
  dialog("code-dialog", byId("code-badge"), () => {
    code.value = byId("code-badge").dataset.code;
  }, (button) => {
    const fixed = button === "random" ? null : code.value;
    return attempt(async () => {
      await put("code", { code: fixed });
      await refresh();
    }, fixed === null ? "Codes are random" : `Every code is ${fixed} from now on`);
  });

  dialog("reset-dialog", byId("reset"), () => {}, () => attempt(async () => {
    await post("reset");
    await afterReset();
  }, "Everything is as at the start"));
}
