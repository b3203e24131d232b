// The attempts: counts, a chart, and the newest of them.

import { get } from "./api.js";
import { draw } from "./chart.js";
import { byId, make, setAttribute, setText } from "./dom.js";
import { channelName } from "./detail.js";
import { Rows } from "./rows.js";
import { instant } from "./top.js";

const PERIODS = { "1h": "1 hour", "24h": "24 hours", "30d": "30 days" };
const MOST_COUNTRIES = 12;

let [period, inputs, last] = ["24h", {}, null];

const regions = new Intl.DisplayNames(["en"], { type: "region" });
const percent = (converted, total) => (total ? `${((100 * converted) / total).toFixed(1)} %` : "–");
const count = (number) => number.toLocaleString("en");

function filters() {
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]));
}

function build(form, list, ask) {
  const choice = (name, label, options) => {
    inputs[name] = make("select", { "aria-label": label }, make("option", { value: "", text: `All ${label}` }),
      ...options.map(([value, text]) => make("option", { value, text })));
    return inputs[name];
  };
  inputs.to = make("input", { type: "search", placeholder: "Number or address", "aria-label": "Search attempts by number", autocomplete: "off" });
  const periods = make("span", { class: "joined", role: "group", "aria-label": "Period" }, ...Object.entries(PERIODS).map(([value, text]) =>
    make("button", { type: "button", text, "aria-pressed": String(value === period), onclick: (event) => {
      period = value;
      for (const button of periods.children) setAttribute(button, "aria-pressed", String(button === event.target));
      ask();
    } })));
  form.append(periods, choice("channel", "channels", ["sms", "call", "email", "whatsapp", "rbm"].map((own) => [own, channelName(own)])),
    choice("country", "countries", []));
  list.append(inputs.to, choice("status", "results", [["converted", "Converted"], ["unconverted", "Not converted"]]));
  let waiting;
  for (const own of [form, list]) {
    own.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 150);
    });
    own.addEventListener("submit", (event) => event.preventDefault());
  }
  new ResizeObserver(() => last && showChart(last)).observe(byId("chart"));
}

function showChart(summary) {
  last = summary;
  const { total_attempts: total, total_converted: converted, buckets } = summary;
  const label = (from) => (period === "30d" ? from.slice(5, 10) : from.slice(11, 16));
  const title = (from) => (period === "30d" ? from.slice(0, 10) : instant(from));
  draw(byId("chart"), buckets, label, title, `Attempts of the last ${PERIODS[period]}, in UTC: ${total}, of which ${converted} converted`);
  const totals = [["Attempts", count(total)], ["Converted", count(converted)], ["Conversion", percent(converted, total)]];
  const box = byId("totals");
  if (!box.children.length) {
    box.append(...totals.map(([name]) => make("div", {}, make("dt", { text: name }), make("dd", {}))));
  }
  totals.forEach(([, value], index) => setText(box.children[index].lastChild, value));
}

function showTable(table, name, entries, nameOf) {
  const most = Math.max(1, ...entries.map(([, counts]) => counts.total_attempts));
  const line = ([key, { total_attempts: total, total_converted: converted }]) => make("tr", {},
    make("th", { scope: "row", text: nameOf(key) }),
    make("td", { class: "meter" }, make("progress", { max: most, value: total, "aria-label": `Attempts, ${nameOf(key)}` })),
    make("td", { text: count(total) }), make("td", { text: percent(converted, total) }));
  const head = make("tr", {}, ...[name, "", "Attempts", "Converted"].map((text) => (text ? make("th", { scope: "col", text }) : make("td", {}))));
  const texts = JSON.stringify(entries);
  if (table.dataset.shown === texts) return;
  table.dataset.shown = texts;
  table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...entries.map(line)));
}

const rows = new Rows(byId("attempt-rows"), (attempt) => attempt.sid, (attempt) => {
  const data = attempt.channel_data ?? {};
  const state = make("span", {});
  return {
    element: make("li", { class: "row attempt" },
      make("span", { class: "who" }, make("b", { text: data.to ?? "unknown number" }), make("code", { class: "faint sid", text: attempt.sid })),
      make("span", { class: "faint", text: [channelName(attempt.channel), data.country, data.carrier].filter(Boolean).join(" · ") }),
      state, make("span", { class: "age faint", text: instant(attempt.date_created) })),
    update(next) {
      const isConverted = next.conversion_status === "converted";
      setAttribute(state, "class", `state ${isConverted ? "approved" : "ended"}`);
      const sent = next.channel_data?.message_status ?? next.channel_data?.call_status;
      setText(state, isConverted ? "Converted" : `Not converted${sent && sent !== "delivered" ? `, ${sent}` : ""}`);
    },
  };
});

async function refresh() {
  const { to, status, channel, country } = filters();
  const [summary, { attempts }] = await Promise.all([
    get("summary", { period, channel, country }), get("attempts", { to, status, channel, country, limit: 50 }),
  ]);
  showChart(summary);
  const byCount = (entries) => Object.entries(entries).filter(([, counts]) => counts.total_attempts)
    .sort(([, one], [, other]) => other.total_attempts - one.total_attempts);
  showTable(byId("by-channel"), "Channel", byCount(summary.channels), channelName);
  const countries = byCount(summary.countries);
  showTable(byId("by-country"), "Country", countries.slice(0, MOST_COUNTRIES), (code) => regions.of(code));
  const known = new Set([...inputs.country.options].map((option) => option.value));
  inputs.country.append(...countries.filter(([code]) => !known.has(code)).map(([code]) => make("option", { value: code, text: regions.of(code) })));
  rows.show(attempts);
  byId("no-attempts").hidden = attempts.length > 0;
  byId("attempt-rows").hidden = attempts.length === 0;
}

export const view = { open: () => {}, refresh, search: () => inputs.to, start: (ask) => build(byId("attempt-filters"), byId("attempt-search"), ask) };
