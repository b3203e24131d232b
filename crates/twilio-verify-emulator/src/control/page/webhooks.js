// The webhook deliveries.

import { get, post } from "./api.js";
import { attempt, byId, make, setAttribute, setText } from "./dom.js";
import { bodyBlock, pairs } from "./requests.js";
import { Rows, beside } from "./rows.js";
import { timeOf } from "./top.js";

let [known, selected, shown] = [[], null, ""];

/** A class and a text. */
function stateOf({ outcome, tries }) {
  const [kind, data] = typeof outcome === "object" ? Object.entries(outcome)[0] : [outcome, {}];
  const after = tries > 1 ? `, ${tries} tries` : "";
  switch (kind) {
    case "pending":
      return ["pending", tries ? `Pending, ${tries} ${tries === 1 ? "try" : "tries"}` : "Pending"];
    case "delivered":
      return ["approved", `Delivered, ${data.status}${after}`];
    case "refused":
      return ["bad", `Refused, ${data.status}${after}`];
    case "no_answer":
      return ["bad", `No response${after}`];
    case "not_loopback":
      return ["undelivered", "Not sent: not on this machine"];
    case "too_many_pending":
      return ["undelivered", "Not sent: too many pending"];
    default:
      return ["ended", "Not sent: the emulator stopped"];
  }
}

const rows = new Rows(byId("delivery-rows"), (delivery) => String(delivery.number), (delivery) => {
  const link = make("a", { class: "to", href: `#/webhooks/${delivery.number}`, text: delivery.event_type });
  const state = make("span", {});
  const again = delivery.redelivery_of ? ` · again, of ${delivery.redelivery_of}` : "";
  const element = make("li", { class: "row delivery" },
    make("span", { class: "number faint", text: `#${delivery.number}` }),
    make("span", { class: "who" }, link, make("span", { class: "faint path", text: `${delivery.url}${again}` })),
    make("span", { class: "what" }, state), make("span", { class: "age faint", text: timeOf(delivery.date_created) }));
  element.addEventListener("click", (event) => {
    if (getSelection().isCollapsed && !event.target.closest("a, button")) location.hash = link.hash;
  });
  return {
    element,
    update(next) {
      const [kind, text] = stateOf(next);
      setAttribute(state, "class", `state ${kind}`);
      setText(state, text);
      const isSelected = String(next.number) === selected;
      setAttribute(link, "aria-current", isSelected ? "true" : null);
      element.classList.toggle("selected", isSelected);
    },
  };
});

function render() {
  rows.show([...known].reverse());
  byId("no-deliveries").hidden = known.length > 0;
  byId("delivery-rows").hidden = known.length === 0;
  const panel = byId("delivery");
  const delivery = known.find((own) => String(own.number) === selected);
  panel.hidden = !delivery;
  byId("webhooks").classList.toggle("is-open", Boolean(delivery));
  // Rebuilt only if it has changed.
  const text = JSON.stringify(delivery ?? null);
  if (!delivery || text === shown) return;
  shown = text;
  const [kind, state] = stateOf(delivery);
  const redeliver = make("button", { type: "button", class: "primary", text: "Redeliver", onclick: () => attempt(async () => {
    const { number } = await post(`deliveries/${delivery.number}/redeliver`);
    location.hash = `#/webhooks/${number}`;
    await refresh();
    return number;
  }, (number) => `Sent once more, as #${number}`) });
  panel.replaceChildren(
    make("div", { class: "detail-head" }, make("h3", { class: "title", text: delivery.event_type }), make("a", { class: "button back", href: "#/webhooks", text: "Close" })),
    make("p", { class: "state-line" }, make("span", { class: `state ${kind}`, text: state })),
    make("p", { class: "path", text: `POST ${delivery.url}` }),
    make("div", { class: "actions" }, redeliver),
    make("h4", { text: delivery.responses.length ? "Responses" : "No try yet" }),
    ...delivery.responses.flatMap((response, index) => [
      make("p", {}, make("b", { text: response.status ?? "no response" }),
        make("span", { class: "faint", text: ` try ${index + 1} · ${timeOf(response.received)} · ${response.duration_ms} ms` })),
      response.error ? make("p", { class: "path", text: response.error }) : "",
      ...(response.body ? bodyBlock(`Body of try ${index + 1}`, { media_type: null, length: response.body.length, text: response.body }).slice(1) : []),
    ]),
    ...pairs("Parameters", Object.entries(delivery.parameters)),
    ...pairs("Webhook", [["Webhook SID", delivery.webhook_sid], ["Service SID", delivery.service_sid]]),
  );
}

async function refresh() {
  known = (await get("deliveries")).deliveries;
  render();
}

export const view = {
  open(number) {
    selected = number ?? null;
    render();
  },
  refresh,
  move(step) {
    const key = beside(rows.keys, selected, step);
    if (!key) return;
    location.hash = `#/webhooks/${key}`;
    rows.get(key)?.querySelector("a.to").focus();
  },
};
