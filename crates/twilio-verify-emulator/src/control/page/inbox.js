// The inbox: a row for each message, the newest first.

import { get } from "./api.js";
import * as detail from "./detail.js";
import { channelName, stateOf } from "./detail.js";
import { attempt, byId, copyButton, copyText, make, setAttribute, setText } from "./dom.js";
import { Rows, beside } from "./rows.js";
import * as quickStart from "./start.js";
import { ago, left, now } from "./top.js";

/** How many rows there are at most, and while a person looks at one further down. */
const SHOWN = 200;
const HELD = 1000;

const verifications = new Map();
let [revision, selected, filtered, asked] = [0, null, false, ""];

function row() {
  const code = make("b", { class: "code" });
  let item;
  const copy = copyButton("Copy", "code", () => item.verification.code);
  const link = make("a", { class: "to" });
  const about = make("span", { class: "faint about" });
  const state = make("span", { class: "state" });
  const rest = make("span", { class: "left faint" });
  const age = make("span", { class: "age faint" });
  const element = make("li", { class: "row message" }, make("span", { class: "code-cell" }, code, copy), make("span", { class: "who" }, link, about),
    make("span", { class: "what" }, state, rest), age);
  // A click anywhere opens it, unless it ends a selection or presses the button.
  element.addEventListener("click", (event) => {
    if (getSelection().isCollapsed && !event.target.closest("a, button")) location.hash = link.hash;
  });
  const times = () => {
    const { verification, message } = item;
    const [, , open] = stateOf(item);
    const time = open ? left(verification.expires_at) : null;
    setText(rest, time ? `${time} left` : "");
    setText(age, `${ago(message.sent_at)} ago`);
  };
  return {
    element,
    times,
    update(next) {
      item = next;
      const { verification, message } = item;
      setText(code, verification.code ?? "no code");
      code.classList.toggle("none", verification.code === null);
      copy.hidden = verification.code === null;
      setText(link, verification.to);
      setAttribute(link, "href", `#/inbox/${message.attempt_sid}`);
      setAttribute(link, "aria-current", message.attempt_sid === selected ? "true" : null);
      element.classList.toggle("selected", message.attempt_sid === selected);
      setText(about, `${channelName(message.channel)} · ${verification.service_name ?? "deleted service"}`);
      const [kind, text] = stateOf(item);
      setAttribute(state, "class", `state ${kind}`);
      setText(state, text);
      times();
    },
  };
}

let times = new Map();
const rows = new Rows(byId("messages"), (item) => item.message.attempt_sid, (item) => {
  const made = row();
  times.set(item.message.attempt_sid, made);
  return made;
});

function items() {
  const all = [...verifications.values()].flatMap((verification) =>
    verification.messages.map((message) => ({ verification, message })));
  all.sort((one, other) => other.message.number - one.message.number);
  return all;
}

function render() {
  const all = items();
  const shown = all.slice(0, rows.isHeld() ? HELD : SHOWN);
  rows.show(shown);
  const keys = new Set(rows.keys);
  times = new Map([...times].filter(([key]) => keys.has(key)));
  const isEmpty = all.length === 0;
  byId("no-messages").hidden = !(isEmpty && filtered);
  byId("messages").hidden = isEmpty;
  setText(byId("inbox-count"), isEmpty ? "" : `${shown.length}${all.length > shown.length ? "+" : ""} ${shown.length === 1 ? "message" : "messages"}`);
  const isStart = isEmpty && !filtered;
  byId("inbox").classList.toggle("is-empty", isStart);
  byId("inbox-start").hidden = !isStart;
  if (isStart && !byId("inbox").hidden) quickStart.show(byId("inbox-start"));
  const item = all.find((one) => one.message.attempt_sid === selected);
  if (item) detail.show(item);
}

function forget() {
  // Those whose messages are far below the last row.
  if (verifications.size <= 2 * HELD) return;
  const kept = new Set(items().slice(0, HELD).map((item) => item.verification.sid));
  for (const [sid, { messages }] of verifications) {
    if (!kept.has(sid) && !messages.some((message) => message.attempt_sid === selected)) verifications.delete(sid);
  }
}

export async function refresh() {
  const [search, status] = [byId("inbox-search").value.trim(), byId("inbox-status").value];
  const filters = `${search} ${status}`;
  filtered = filters !== " ";
  // What changes may no longer match a filter, so that all are asked for then.
  const isNew = filtered || filters !== asked;
  const after = isNew ? 0 : revision;
  const answer = await get("verifications", { search, status, after, limit: after ? 1000 : SHOWN });
  if (answer.revision < after) {
    // The emulator was started anew.
    [revision, asked] = [0, null];
    return refresh();
  }
  const isCut = answer.more && after > 0;
  if (answer.cleared > after || isNew || isCut) verifications.clear();
  // More has changed than fits: what changed last is what is shown.
  for (const verification of answer.verifications) verifications.set(verification.sid, verification);
  [revision, asked] = [answer.revision, filters];
  if (selected && !items().some((item) => item.message.attempt_sid === selected)) await find(selected);
  forget();
  render();
  return undefined;
}

/** Asks for a message that is not among the rows, so that its detail stays. */
async function find(key) {
  const { verifications: found } = await get("verifications", { search: key, limit: 1 });
  if (found.length === 0) {
    selected = null;
    detail.hide();
    return;
  }
  detail.show({ verification: found[0], message: found[0].messages.find((one) => one.attempt_sid === key) });
}

/** Opens a message, or closes the one that is open. */
export async function open(key) {
  selected = key ?? null;
  byId("inbox").classList.toggle("is-open", selected !== null);
  if (!selected) detail.hide();
  else if (!items().some((item) => item.message.attempt_sid === selected)) await find(selected);
  render();
}

/** Moves to the next row or the one before, and returns its path. */
export function move(step) {
  const key = beside(rows.keys, selected, step);
  if (!key) return;
  location.hash = `#/inbox/${key}`;
  const link = rows.get(key)?.querySelector("a.to");
  link?.focus({ preventScroll: true });
  link?.scrollIntoView({ block: "nearest" });
}

/** Copies the code of the open message, or of the newest. */
export function copy() {
  const all = items();
  const item = all.find((one) => one.message.attempt_sid === selected) ?? all[0];
  if (item?.verification.code) attempt(() => copyText(item.verification.code), `Copied code of ${item.verification.to}`);
}

export const search = () => byId("inbox-search");

let due = 0;
/** Shows the times of now. Returns whether something has expired that the emulator should be asked about. */
export function tick() {
  for (const { times: show } of times.values()) show();
  detail.tick();
  const late = [...verifications.values()].some((verification) =>
    ["pending", "max_attempts_reached"].includes(verification.status) && Date.parse(verification.expires_at) <= now());
  if (!late || performance.now() < due) return false;
  due = performance.now() + 2000;
  return true;
}

export function start(ask) {
  let waiting;
  byId("inbox-search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
  byId("inbox-status").addEventListener("change", ask);
  detail.start(ask);
}
