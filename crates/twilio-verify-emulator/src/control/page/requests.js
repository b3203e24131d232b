// The log of requests.

import { get } from "./api.js";
import { byId, copyButton, make, setAttribute, setText } from "./dom.js";
import { Rows, beside } from "./rows.js";
import { timeOf } from "./top.js";

/** How many rows there are at most, unless a person looks at one further down. */
const SHOWN = 200;

let [known, selected, shown] = [[], null, null];

const isError = (request) => request.status >= 400 || request.status === 0;
const statusText = (request) => (request.status === 0 ? "no response" : String(request.status));
/** A path for a list: SIDs by their ends. */
const short = (path) => path.replace(/([A-Z]{2})[0-9a-f]{28}([0-9a-f]{4})/g, "$1…$2");
const duration = (ms) => (ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`);

const rows = new Rows(byId("request-rows"), (request) => request.id, (request) => {
  const link = make("a", { class: "to", href: `#/requests/${request.id}`, text: request.operation ?? "no operation" });
  const target = request.query ? `${request.path}?${request.query}` : request.path;
  const code = request.code ? [make("a", { class: "error-code", href: `https://www.twilio.com/docs/api/errors/${request.code}`, rel: "noreferrer", target: "_blank", text: request.code })] : [];
  const element = make("li", { class: "row request" },
    make("span", { class: `status ${isError(request) ? "bad" : "good"}`, text: statusText(request) }),
    make("span", { class: "who" }, link, make("span", { class: "faint path", text: `${request.method} ${short(target)}`, title: target })),
    make("span", { class: "what" }, ...code, request.fault && make("span", { class: "chip", text: request.fault })),
    make("span", { class: "left faint", text: duration(request.duration_ms) }),
    make("span", { class: "age faint", text: timeOf(request.received) }));
  element.addEventListener("click", (event) => {
    if (getSelection().isCollapsed && !event.target.closest("a, button")) location.hash = link.hash;
  });
  return {
    element,
    update() {
      setAttribute(link, "aria-current", request.id === selected ? "true" : null);
      element.classList.toggle("selected", request.id === selected);
    },
  };
});

function render() {
  const words = byId("requests-search").value.trim().toLowerCase();
  const errors = byId("requests-errors").checked;
  const matching = known.filter((request) => {
    const texts = [request.operation, request.method, request.path, request.query, statusText(request), request.code, request.fault, request.id];
    return (!errors || isError(request)) && (!words || texts.join(" ").toLowerCase().includes(words));
  });
  const wanted = (rows.isHeld() ? matching : matching.slice(-SHOWN)).reverse();
  rows.show(wanted);
  byId("no-requests").hidden = known.length > 0;
  byId("request-rows").hidden = known.length === 0;
  setText(byId("requests-count"), known.length ? `${wanted.length} of ${known.length}` : "");
}

async function refresh() {
  const after = known.at(-1)?.number ?? 0;
  const { requests } = await get("requests", { after });
  // A reset deletes the log: only asking for all tells.
  if (requests.length === 0 && known.length > 0 && (await get("requests", { limit: 1 })).requests.length === 0) known = [];
  known = [...known, ...requests].slice(-1000);
  render();
}

/** A body for reading: JSON in lines, a form as its pairs. */
function readable({ media_type: type, text }) {
  if (text === null) return null;
  if (type?.startsWith("application/json") || (!type && /^[[{]/.test(text))) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }
  if (type?.startsWith("application/x-www-form-urlencoded")) {
    return [...new URLSearchParams(text)].map(([name, value]) => `${name} = ${value}`).join("\n");
  }
  return text;
}

export function bodyBlock(title, body) {
  const text = readable(body);
  const note = body.length === 0 ? "no body" : text === null ? (body.length === null ? "not recorded" : `not kept: ${body.length} bytes`) : null;
  return [make("h4", { text: title }), note === null
    ? make("div", { class: "card" }, make("div", { class: "card-head" }, make("span", { class: "faint", text: body.media_type ?? "" }), copyButton("Copy", title.toLowerCase(), () => text)),
      make("pre", { tabindex: "0", "aria-label": title, text }))
    : make("p", { class: "faint", text: note })];
}

export function pairs(title, items) {
  return [make("h4", { text: title }), make("dl", { class: "facts pairs" }, ...items.flatMap(([name, value]) => [make("dt", { text: name }), make("dd", { text: value })]))];
}

async function open(id) {
  selected = id ?? null;
  byId("requests").classList.toggle("is-open", selected !== null);
  const panel = byId("request");
  panel.hidden = selected === null;
  render();
  if (selected === null || shown === selected) return;
  const request = await get(`requests/${encodeURIComponent(selected)}`);
  shown = selected;
  panel.scrollTop = 0;
  panel.replaceChildren(
    make("div", { class: "detail-head" }, make("h3", { class: "title", text: request.operation ?? "No operation" }), make("a", { class: "button back", href: "#/requests", text: "Close" })),
    make("p", { class: "state-line" }, make("span", { class: `status ${isError(request) ? "bad" : "good"}`, text: statusText(request) }),
      request.code && make("span", { text: `code ${request.code}` }), make("span", { class: "faint", text: duration(request.duration_ms) })),
    make("p", { class: "path", text: `${request.method} ${request.path}${request.query ? `?${request.query}` : ""}` }),
    make("p", { class: "sid-line" }, make("code", { text: request.id }), copyButton("Copy", "request id", () => request.id)),
    request.fault ? make("p", {}, "Hit by the fault ", make("code", { text: request.fault })) : "",
    ...bodyBlock("Request body", request.request_body),
    ...bodyBlock("Response body", request.response_body),
    ...pairs("Request headers", request.request_headers.map(({ name, value }) => [name, value])),
    ...pairs("Response headers", request.response_headers.map(({ name, value }) => [name, value])),
  );
}

function move(step) {
  const key = beside(rows.keys, selected, step);
  if (!key) return;
  location.hash = `#/requests/${key}`;
  rows.get(key)?.querySelector("a.to").focus();
}

export const view = {
  open,
  refresh,
  move,
  search: () => byId("requests-search"),
  start() {
    byId("requests-search").addEventListener("input", render);
    byId("requests-errors").addEventListener("change", render);
  },
};
