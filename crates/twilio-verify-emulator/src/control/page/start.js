// The quick start: what a program needs to send its first code.

import { info, post } from "./api.js";
import { attempt, byId, copyButton, make, setText } from "./dom.js";
import { nameOf } from "./detail.js";

/** A number that has no outcome of its own: a code that is sent to it arrives. */
const TO = "+15005550006";

const SNIPPETS = {
  curl: ({ url, account, token }) => `URL=${url} AUTH=${account}:${token}
SERVICE=$(curl -su $AUTH $URL/v2/Services -d FriendlyName=Shop | grep -o 'VA[0-9a-f]*' | head -1)
curl -u $AUTH $URL/v2/Services/$SERVICE/Verifications --data-urlencode To=${TO} -d Channel=sms
CODE=$(curl -s "$URL/_emulator/outbox?to=%2B${TO.slice(1)}" | grep -o '"code":"[^"]*' | tail -1 | cut -d'"' -f4)
curl -u $AUTH $URL/v2/Services/$SERVICE/VerificationCheck --data-urlencode To=${TO} -d Code=$CODE`,
  Rust: ({ url, account, token }) => `let credentials = Credentials::auth_token("${account}".parse()?, "${token}");
let client = Client::builder().credentials(credentials).base_url("${url}").build()?;
let verify = client.service(client.services().create("Shop").send().await?.sid.ok_or("no SID")?);
verify.verifications().start("${TO}", Channel::Sms).send().await?;
verify.verifications().check("${TO}", "CODE").send().await?;`,
  Python: ({ url, account, token }) => `from twilio.rest import Client
client = Client("${account}", "${token}"); client.verify.base_url = "${url}"
service = client.verify.v2.services.create(friendly_name="Shop")
service.verifications.create(to="${TO}", channel="sms")
print(service.verification_checks.create(to="${TO}", code=input("Code: ")).status)`,
  Node: ({ url, account, token }) => `import twilio from "twilio";
const client = twilio("${account}", "${token}"); client.verify.baseUrl = "${url}";
const service = client.verify.v2.services((await client.verify.v2.services.create({ friendlyName: "Shop" })).sid);
await service.verifications.create({ to: "${TO}", channel: "sms" });
console.log((await service.verificationChecks.create({ to: "${TO}", code: "CODE" })).status);`,
  CLI: ({ url, account, token }) => `export TWILIO_ACCOUNT_SID=${account} TWILIO_AUTH_TOKEN=${token}
alias verify='twilio-verify --base-url ${url}'
SERVICE=$(verify services create --friendly-name Shop -o json | grep -o 'VA[0-9a-f]*' | head -1)
verify verifications start --service-sid $SERVICE --to ${TO} --channel sms
verify verifications check --service-sid $SERVICE --to ${TO} --code CODE`,
};

let [home, languages, language, code, facts, numbers] = [];
let known = { url: "", account: "", token: "" };

function build() {
  facts = make("dl", { class: "facts framed" });
  languages = make("div", { class: "joined", role: "group", "aria-label": "Language" }, ...Object.keys(SNIPPETS).map((name) =>
    make("button", { type: "button", text: name, onclick: () => choose(name) })));
  code = make("pre", { tabindex: "0", "aria-label": "Example" });
  numbers = make("ul", { class: "numbers" });
  const sample = make("button", { type: "button", class: "primary", text: "Send a sample code", onclick: async (event) => {
    const button = event.target;
    button.disabled = true;
    await attempt(() => post("verifications", { to: TO }), ({ code: sent }) => `Sent ${sent} to ${TO}`);
    button.disabled = false;
    location.hash = "#/inbox";
  } });
  home = make("div", { class: "column quick" },
    make("h2", { class: "hero", text: "Send a code, and it arrives here" }),
    make("p", { class: "faint", text: "Point a program at this URL, with these credentials. Nothing leaves this machine." }),
    facts,
    make("div", { class: "actions" }, sample),
    make("div", { class: "card" }, make("div", { class: "card-head" }, languages, copyButton("Copy", "example", () => code.textContent)), code,
      make("p", { class: "faint note", text: "CODE is the code that arrives in the inbox. curl reads it from there, Python asks for it." })),
    make("h3", { text: "Magic numbers" }),
    make("p", { class: "faint", text: `A code for ${TO} and for any other number arrives. These behave differently, until an outcome is set for them:` }),
    numbers,
    make("p", { class: "faint" }, "Everything on this page can be done by a program: ",
      make("a", { href: "openapi.json", text: "openapi.json" }), " describes the requests."),
  );
}

function choose(name) {
  language = name;
  for (const button of languages.children) button.setAttribute("aria-pressed", String(button.textContent === name));
  setText(code, SNIPPETS[name](known));
}

function fill({ url, account_sid: account, auth_token: token, magic_numbers: magic }) {
  known = { url, account, token: token ?? "YOUR_AUTH_TOKEN" };
  const fact = (label, value, shown = value) => [
    make("dt", { text: label }),
    make("dd", {}, make("code", { text: shown }), value && copyButton("Copy", label.toLowerCase(), () => value)),
  ];
  facts.replaceChildren(...fact("Base URL", url), ...fact("Account SID", account),
    ...fact("Auth token", token, token ?? "the one that the emulator was started with"));
  numbers.replaceChildren(...magic.map(({ to, outcome }) => make("li", {},
    make("code", { text: to }), make("span", { class: "faint", text: nameOf(outcome) }), copyButton("Copy", to, () => to))));
  choose(language ?? "curl");
}

/** Shows it in an element: there is only one. */
export function show(place) {
  if (!home) build();
  if (home.parentElement === place) return;
  place.append(home);
  info().then(fill).catch((error) => setText(facts, error.message));
}

export const view = { open: () => show(byId("start-home")), refresh: async () => {} };
