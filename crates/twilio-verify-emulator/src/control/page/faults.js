// The faults: what goes wrong on purpose.

import { get, info, post, remove } from "./api.js";
import { attempt, byId, make, setText } from "./dom.js";
import { Rows } from "./rows.js";

const EFFECTS = [
  ["status", "an error status"],
  ["latency", "a delay"],
  ["slow", "a slow body"],
  ["reset", "a reset connection"],
  ["close", "a closed connection"],
  ["reset-midway", "half a body, then a reset"],
  ["truncate", "a truncated body"],
];

const field = (label, input, className) => make("label", { class: `stacked ${className ?? ""}` }, make("span", { text: label }), input);

function build(form) {
  const operation = make("input", { name: "operation", value: "*", list: "operations", required: true, autocomplete: "off", spellcheck: "false" });
  const names = make("datalist", { id: "operations" });
  const effect = make("select", { name: "effect" }, ...EFFECTS.map(([value, text]) => make("option", { value, text })));
  const status = make("input", { name: "status", type: "number", min: 400, max: 599, value: 503, required: true });
  const duration = make("input", { name: "duration", value: "500ms", required: true, placeholder: "50ms or 50ms..200ms" });
  const probability = make("input", { name: "probability", type: "number", min: 0, max: 100, step: "any", value: 100, required: true });
  const on = make("input", { name: "on", placeholder: "all, or 1..3" });
  const retry = make("input", { name: "retry_after", type: "number", min: 0, placeholder: "none" });
  const after = make("input", { name: "after", type: "checkbox" });
  const statusField = field("Status", status);
  const retryField = field("Retry-After, seconds", retry);
  const durationField = field("Duration", duration);
  const preview = make("code", {});
  form.append(
    make("h3", { text: "Add a fault" }),
    make("div", { class: "fields" }, field("Operation, * is all", operation), names, field("Effect", effect), statusField, durationField,
      field("Of 100 requests", probability), field("Only requests", on), retryField),
    make("label", { class: "check" }, after, "after the request is processed"),
    make("div", { class: "actions" }, make("button", { class: "primary", text: "Add fault" }), preview),
  );

  const value = () => {
    const fault = { operation: operation.value.trim(), effect: effect.value };
    if (fault.effect === "status") fault.effect = Number(status.value);
    if (!durationField.hidden) fault.duration = duration.value.trim();
    if (Number(probability.value) < 100) fault.probability = Number(probability.value) / 100;
    if (on.value.trim()) fault.on = on.value.trim();
    if (!retryField.hidden && retry.value) fault.retry_after = Number(retry.value);
    if (after.checked) fault.after = true;
    return fault;
  };
  const change = () => {
    const isStatus = effect.value === "status";
    const isTimed = effect.value === "latency" || effect.value === "slow";
    for (const [part, input, isShown] of [[statusField, status, isStatus], [retryField, retry, isStatus], [durationField, duration, isTimed]]) {
      part.hidden = !isShown;
      input.disabled = !isShown;
    }
    setText(preview, textOf(value()));
  };
  form.addEventListener("input", change);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await attempt(() => post("faults", value()), ({ faults }) => `Added ${textOf(faults[0])}`);
    await refresh();
  });
  change();
  info().then(({ operations }) => names.append(...["*", ...operations].map((id) => make("option", { value: id })))).catch(() => {});
}

/** A fault in its text form. */
function textOf(fault) {
  const duration = fault.duration ? `=${fault.duration}` : "";
  const options = [
    fault.p99 && `p99=${fault.p99}`, fault.probability !== undefined && `p=${fault.probability}`, fault.on && `on=${fault.on}`,
    fault.every && `every=${fault.every}`, fault.after && "after", fault.retry_after !== undefined && `retry-after=${fault.retry_after}`,
    fault.body && `body=${fault.body}`, fault.code && `code=${fault.code}`,
  ];
  return [`${fault.operation}:${fault.effect}${duration}`, ...options.filter(Boolean)].join(",");
}

const rows = new Rows(byId("fault-rows"), (fault) => String(fault.id), (fault) => {
  const text = textOf(fault);
  const hits = make("span", { class: "faint" });
  const button = make("button", { type: "button", text: "Remove", "aria-label": `Remove ${text}`, onclick: async () => {
    await attempt(() => remove(`faults/${fault.id}`), `Removed ${text}`);
    await refresh();
  } });
  return {
    element: make("li", { class: "row fault" }, make("code", { class: "who", text }), hits, button),
    update: (next) => setText(hits, `hit ${next.hits} of ${next.requests}`),
  };
});

async function refresh() {
  const { faults } = await get("faults");
  rows.show(faults);
  byId("no-faults").hidden = faults.length > 0;
  byId("fault-rows").hidden = faults.length === 0;
}

export const view = { open: () => {}, refresh, start: () => build(byId("fault-form")) };
