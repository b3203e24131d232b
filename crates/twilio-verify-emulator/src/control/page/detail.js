// The detail of a message: its text, what has happened to its verification, and what can be done.

import { info, patch, post, put } from "./api.js";
import { attempt, byId, copyButton, copyText, make, setAttribute, setText } from "./dom.js";
import { Rows } from "./rows.js";
import { left, timeOf } from "./top.js";

const OUTCOMES = [
  ["", "as the number has it"],
  ["delivered", "delivered"],
  ["undelivered", "undelivered"],
  ["slow", "slow, 3 seconds"],
  ["landline", "landline"],
  ["blocked", "blocked by Fraud Guard, 60410"],
  ["geo_blocked", "country not permitted, 60605"],
  ["invalid_number", "invalid number, 60200"],
  ["busy", "another request in progress, 60212"],
  ["channel_disabled", "channel disabled, 60223"],
];

const CHANNELS = { sms: "SMS", call: "Call", email: "E-mail", whatsapp: "WhatsApp", sna: "SNA", rbm: "RCS" };
export const channelName = (channel) => CHANNELS[channel] ?? channel;

/** What has become of a message: a class, a text, and whether its code can still be checked. */
export function stateOf({ verification, message }) {
  const { status, checks_left: checks } = verification;
  switch (status) {
    case "pending":
      if (!message.delivered) return ["undelivered", "Undelivered", true];
      return ["pending", `Pending, ${checks} ${checks === 1 ? "check" : "checks"} left`, true];
    case "max_attempts_reached":
      return ["bad", "Checks used up", true];
    case "approved":
      return ["approved", "Approved", false];
    case "canceled":
      return ["ended", "Canceled", false];
    case "expired":
      return ["ended", message.delivered ? "Expired" : "Undelivered, expired", false];
    default:
      return ["ended", "Service deleted", false];
  }
}

const EVENTS = {
  sent: (event) => (event.delivered ? "Sent" : "Sent, did not arrive"),
  checked: (event) => (event.valid ? "Right code checked" : "Wrong code checked"),
  max_attempts_reached: () => "Checks used up",
  approved: () => "Approved",
  canceled: () => "Canceled",
  expired: () => "Expired",
  deleted: () => "Service deleted",
};

export const nameOf = (outcome) => {
  const key = typeof outcome === "object" ? "slow" : outcome;
  return OUTCOMES.find(([own]) => own === key)?.[1] ?? key;
};

let item;
let parts;
let changed = () => {};

const path = () => `verifications/${item.verification.sid}`;
const curlText = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The request that does the same, for a shell. */
async function curl(what, parameters) {
  const { url, account_sid: account, auth_token: token } = await info();
  const data = parameters.map(([name, value]) => ` \\\n  --data-urlencode ${curlText(`${name}=${value}`)}`).join("");
  const credentials = token === null ? `"${account}:$TWILIO_AUTH_TOKEN"` : curlText(`${account}:${token}`);
  return `curl -u ${credentials} ${curlText(`${url}/v2/Services/${item.verification.service_sid}/${what}`)}${data}`;
}

function action(label, done, act, kind) {
  const button = make("button", { type: "button", class: kind, text: label });
  button.addEventListener("click", async () => {
    button.disabled = true;
    await attempt(act, done);
    button.disabled = false;
    await changed();
  });
  return button;
}

const setStatus = (status) => () => patch(path(), { status });
const toNumber = (text) => () => `${text} ${item.verification.to}`;

function build() {
  const code = make("b", { class: "code" });
  const state = make("span", { class: "state" });
  const rest = make("span", { class: "faint" });
  const to = make("h3", { class: "title" });
  const text = make("p", { class: "bubble" });
  const about = make("dl", { class: "facts" });
  const facts = {};
  for (const [key, label, copied] of [
    ["channel", "Channel"], ["service", "Service"], ["sent", "Sent"], ["locale", "Language"],
    ["verification", "Verification", "verification SID"], ["attempt", "Attempt", "attempt SID"], ["serviceSid", "Service SID", "service SID"],
  ]) {
    facts[key] = make("span", {});
    const button = copied && copyButton("Copy", copied, () => facts[key].textContent);
    about.append(make("dt", { text: label }), make("dd", {}, facts[key], button));
  }
  const again = action("Send again", toNumber("Sent again to"), () => post(`${path()}/messages`), "primary");
  const byCall = action("Send by call", toNumber("Called"), () => post(`${path()}/messages`, { channel: "call" }));
  const approve = action("Approve", toNumber("Approved:"), setStatus("approved"));
  const cancel = action("Cancel", toNumber("Canceled:"), setStatus("canceled"));
  const expire = action("Expire", toNumber("Expired:"), setStatus("expired"));
  const outcome = make("select", {}, ...OUTCOMES.map(([value, label]) => make("option", { value, text: label })));
  outcome.addEventListener("change", async () => {
    const { to: number } = item.verification;
    const chosen = outcome.value === "slow" ? { slow: 3000 } : outcome.value || null;
    const told = chosen === null ? `Sends to ${number} are as usual` : `The next send to ${number}: ${nameOf(chosen)}`;
    await attempt(() => put("outcomes", { to: number, outcome: chosen, once: chosen !== null }), told);
    await changed();
  });
  const asCurl = (label, what, parameters) => {
    const button = make("button", { type: "button", class: "copy", text: label });
    button.addEventListener("click", () => attempt(async () => copyText(await curl(what, parameters())),
      `Copied ${what === "Verifications" ? "the send" : "the check"} as cURL`));
    return button;
  };
  const send = asCurl("Copy send as cURL", "Verifications", () => [["To", item.verification.to], ["Channel", item.message.channel]]);
  const check = asCurl("Copy check as cURL", "VerificationCheck", () => [["To", item.verification.to], ["Code", item.verification.code ?? ""]]);
  const timeline = make("ol", { class: "timeline" });
  byId("detail").replaceChildren(
    make("div", { class: "detail-head" }, to, make("a", { class: "button back", href: "#/inbox", text: "Close" })),
    make("div", { class: "code-line" }, code, copyButton("Copy", "code", () => item.verification.code)),
    make("p", { class: "state-line" }, state, rest),
    text,
    make("div", { class: "actions", role: "group", "aria-label": "Send" }, again, byCall),
    make("div", { class: "actions", role: "group", "aria-label": "End" }, approve, cancel, expire),
    make("label", { class: "stacked" }, make("span", { text: "Next send to this number" }), outcome),
    make("h4", { text: "Timeline" }),
    timeline,
    make("h4", { text: "Details" }),
    about,
    make("div", { class: "actions" }, send, check),
  );
  const events = new Rows(timeline, (event) => event.key, () => {
    const [time, label] = [make("span", { class: "faint" }), make("span", {})];
    return {
      element: make("li", {}, time, label),
      update(event) {
        setText(time, timeOf(event.time));
        setText(label, event.label);
      },
    };
  });
  parts = { code, state, rest, to, text, facts, again, byCall, open: [approve, cancel, expire], outcome, events, check };
}

export function show(next) {
  const isOther = item?.message.attempt_sid !== next.message.attempt_sid;
  item = next;
  if (!parts) build();
  const { verification, message } = item;
  byId("detail").hidden = false;
  if (isOther) byId("detail").scrollTop = 0;
  setText(parts.to, verification.to);
  setText(parts.code, verification.code ?? "no code");
  parts.code.classList.toggle("none", verification.code === null);
  parts.code.nextElementSibling.hidden = verification.code === null;
  const [kind, text, open] = stateOf(item);
  setAttribute(parts.state, "class", `state ${kind}`);
  setText(parts.state, text);
  setText(parts.text, message.text ?? (message.channel === "sna"
    ? "Silent network authentication: no code is sent, the device calls a URL."
    : "The text is not known: it was sent before the emulator was started."));
  parts.text.classList.toggle("none", message.text === null);
  const { facts } = parts;
  setText(facts.channel, channelName(message.channel) + (message.delivered ? "" : ", did not arrive"));
  setText(facts.service, verification.service_name ?? "deleted");
  setText(facts.sent, `${message.sent_at.slice(0, 10)} ${timeOf(message.sent_at)} UTC`);
  setText(facts.locale, message.locale ?? "unknown");
  setText(facts.verification, verification.sid);
  setText(facts.attempt, message.attempt_sid);
  setText(facts.serviceSid, verification.service_sid);
  for (const button of [parts.again, parts.byCall, ...parts.open]) button.hidden = !open;
  parts.byCall.hidden = !open || !verification.to.startsWith("+") || message.channel === "call";
  if (document.activeElement !== parts.outcome) {
    const own = typeof verification.outcome === "object" ? "slow" : verification.outcome;
    parts.outcome.value = verification.outcome_once ? own : "";
    setText(parts.outcome.options[0], verification.outcome_once || own === "delivered" ? "as usual" : `as usual: ${nameOf(own)}`);
  }
  parts.events.show(verification.events.map((event, index) => ({
    ...event,
    // The oldest may be left out, so that the index alone would not do.
    key: `${index} ${event.time} ${event.type}`,
    label: EVENTS[event.type]?.(event) ?? event.type,
  })));
  tick();
}

export function tick() {
  if (!item || !parts || byId("detail").hidden) return;
  const time = stateOf(item)[2] ? left(item.verification.expires_at) : null;
  setText(parts.rest, time ? `expires in ${time}` : "");
}

export function hide() {
  byId("detail").hidden = true;
}

export function start(refresh) {
  changed = refresh;
}
