// The picture of the exporter's dashboard: its panels, with the queries that `exporter --print grafana` has, answered by
// a real Prometheus. What draws them is this file, not Grafana. 16 hours of the emulator's time pass within minutes: each
// scrape gets the emulator's time, and Prometheus reads them all as blocks.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = process.env.TWILIO_VERIFY_PROGRAM;

/** What happens: an attack, four hours long, to a country that the sample has. */
const ATTACK = "pumping prefix=+57305 start=-7h for=4h rate=200/h converted=0 numbers=sequential channel=sms";

/** How many attempts the account has in 30 days. */
const ATTEMPTS = 100_000;

const HOURS = 16;
const STEP = 20 * 60;

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Whether a program is installed. */
export function has(program) {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The first line that a program prints, as JSON; the program is killed at the end. */
async function started(ends, args, env) {
  const child = spawn(PROGRAM, args, { stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, ...env } });
  ends.push(() => child.kill());
  let text = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += chunk;
    if (text.endsWith("}\n")) return JSON.parse(text);
  }
  throw new Error("it did not start");
}

/** Scrapes while the emulator's time passes, and gives the samples with that time, as OpenMetrics. */
async function scrapes(ends) {
  const emulator = await started(ends, ["-o", "json", "emulator", "--port", "0", "--sample", String(ATTEMPTS), "--inject", ATTACK]);
  const clock = async (body) => {
    const response = await fetch(`${emulator.url}/_emulator/clock`, {
      method: body ? "PUT" : "GET",
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    assert.ok(response.ok);
    return Date.parse((await response.json()).now) / 1000;
  };
  const set = (seconds) => clock({ now: new Date(seconds * 1000).toISOString(), running: false });
  const end = await clock();
  let now = await set(end - HOURS * 3600);
  const exporter = await started(
    ends,
    ["--base-url", emulator.url, "-o", "json", "exporter", "--listen", "127.0.0.1:0", "--emulator-clock", "--every", "1s", "--fee", "0.05"],
    { TWILIO_ACCOUNT_SID: emulator.account_sid, TWILIO_AUTH_TOKEN: emulator.auth_token },
  );
  const families = new Map();
  for (; now <= end; now = await set(now + STEP)) {
    const scrape = async () => (await fetch(exporter.url, { headers: { accept: "application/openmetrics-text" } })).text();
    let text;
    // Until the window ends at this time, and it is known what is usual.
    do {
      await wait(200);
      text = await scrape();
    } while (!text.includes(`_window_end_timestamp_seconds{window="1h"} ${now - 11 * 60}\n`) || !text.includes("_unconverted_excess{"));
    let family;
    for (const line of text.split("\n")) {
      if (line.startsWith("# TYPE")) {
        family = families.get(line) ?? [];
        families.set(line, family);
      } else if (line && !line.startsWith("#")) {
        family.push(`${line} ${now}`);
      }
    }
  }
  return { end, text: `${[...families].map(([type, samples]) => [type, ...samples].join("\n")).join("\n")}\n# EOF\n` };
}

/** A Prometheus with these samples. */
async function prometheus(ends, folder, text) {
  writeFileSync(join(folder, "samples.txt"), text);
  writeFileSync(join(folder, "prometheus.yml"), "global: {}\n");
  execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", "samples.txt", "data"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const address = `127.0.0.1:${server.address().port}`;
  await new Promise((done) => server.close(done));
  const child = spawn("prometheus", ["--config.file=prometheus.yml", "--storage.tsdb.path=data", `--web.listen-address=${address}`], {
    cwd: folder,
    stdio: "ignore",
  });
  ends.push(() => child.kill());
  for (;;) {
    const ready = await fetch(`http://${address}/-/ready`).catch(() => null);
    if (ready?.ok) return `http://${address}/api/v1`;
    await wait(100);
  }
}

/** The answers to the queries of a panel: each a legend and points of time and value. */
async function answers(api, panel, end) {
  const values = { $window: "1h", $service: ".*", $country: ".*", $channel: ".*" };
  const results = [];
  for (const { expr, legendFormat } of panel.targets) {
    const query = Object.entries(values).reduce((text, [name, value]) => text.replaceAll(name, value), expr);
    const range = new URLSearchParams({ query, start: end - HOURS * 3600, end, step: STEP });
    const { status, data, error } = await (await fetch(`${api}/query_range?${range}`)).json();
    assert.equal(status, "success", error);
    for (const { metric, values } of data.result) {
      const name = legendFormat.replace(/{{(\w+)}}/g, (_, label) => metric[label] ?? "").replace(/^(VA)\w+(\w{3})$/, "$1…$2");
      results.push({ name, points: values.map(([time, value]) => [time, Number(value)]) });
    }
  }
  return results;
}

/** A number with its unit. */
function shown(value, unit) {
  if (unit === "percentunit") return `${(value * 100).toFixed(1)} %`;
  if (unit === "s") return `${Math.round(value)} s`;
  return Math.abs(value) < 10 && !Number.isInteger(value) ? value.toFixed(2) : String(Math.round(value));
}

/** A number beside an axis. */
const tick = (value, unit) => (unit === "percentunit" ? `${value * 100} %` : shown(value, unit));

const COLORS = ["#7eb26d", "#eab839", "#6ed0e0", "#ef843c", "#e24d42", "#1f78c1", "#ba43a9", "#705da0", "#508642", "#cca300", "#447ebc", "#c15c17"];

/** The same name has the same color in each panel. */
const names = [];
function color(name) {
  if (!names.includes(name)) names.push(name);
  return COLORS[names.indexOf(name) % COLORS.length];
}

/** Lines in an SVG. */
function lines(results, unit, end, width, height) {
  const [left, bottom] = [48, 20];
  const all = results.flatMap(({ points }) => points.map(([, value]) => value));
  const most = unit === "percentunit" ? 1 : Math.max(1, ...all) * 1.05;
  const least = unit === "percentunit" ? 0 : Math.min(0, ...all);
  const x = (time) => left + ((time - end + HOURS * 3600) / (HOURS * 3600)) * (width - left - 8);
  const y = (value) => 6 + (1 - (value - least) / (most - least)) * (height - bottom - 6);
  const rules = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const value = least + part * (most - least);
    return `<line x1="${left}" x2="${width - 8}" y1="${y(value)}" y2="${y(value)}"/><text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${tick(value, unit)}</text>`;
  });
  const hours = [12, 8, 4, 0].map((ago) => `<text x="${x(end - ago * 3600)}" y="${height - 5}" text-anchor="${ago ? "middle" : "end"}">${ago ? `−${ago} h` : "now"}</text>`);
  // A line ends where values are missing.
  const d = (points) => points.map(([time, value], index) =>
    `${time - points[index - 1]?.[0] <= STEP ? "L" : "M"}${x(time).toFixed(1)},${y(value).toFixed(1)}`).join("");
  const paths = results.map(({ name, points }) => `<path stroke="${color(name)}" d="${d(points)}"/>`);
  return `<svg width="${width}" height="${height}">${rules.join("")}${hours.join("")}${paths.join("")}</svg>`;
}

/** The page of the dashboard. */
async function page(dashboard, api, end) {
  const [column, row] = [46, 30];
  const panels = [];
  for (const panel of dashboard.panels) {
    const { x, y, w, h } = panel.gridPos;
    const results = await answers(api, panel, end);
    assert.ok(results.length > 0, panel.title);
    const unit = panel.fieldConfig.defaults.unit;
    const [width, height] = [w * column - 8, h * row - 8];
    const legend = results.map(({ name }) => `<i style="color:${color(name)}">●</i> ${name}`).join("&ensp;");
    const last = results.map(({ name, points }) => `${shown(points.at(-1)[1], unit)}${results.length > 1 || unit === "short" && /^[A-Z]{3}$/.test(name) ? ` ${name}` : ""}`);
    const body = panel.type === "stat"
      ? `<strong>${last.join("<br>")}</strong>`
      : `${lines(results, unit, end, width - 16, height - 66)}<p>${legend}</p>`;
    panels.push(`<section style="left:${x * column}px;top:${y * row}px;width:${width}px;height:${height}px"><h2>${panel.title}</h2>${body}</section>`);
  }
  const rows = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #f4f5f5; color: #24292e; font: 12px sans-serif; width: ${24 * column + 16}px; height: ${rows * row + 16}px; }
    main { position: absolute; left: 8px; top: 8px; }
    section { position: absolute; box-sizing: border-box; background: #fff; border: 1px solid #dcdfe3; padding: 7px; overflow: hidden; }
    h2 { margin: 0 0 6px; font-size: 13px; }
    strong { display: block; text-align: center; font-size: 28px; font-weight: 500; padding-top: 8px; }
    p { margin: 4px 0 0; line-height: 16px; height: 32px; overflow: hidden; }
    i { font-style: normal; }
    text { font-size: 11px; fill: #57606a; }
    line { stroke: #e7e9eb; }
    path { fill: none; stroke-width: 1.6; }
  </style><main>${panels.join("")}</main>`;
}

/** Takes the picture. */
export async function dashboard(browser, file) {
  const ends = [];
  const folder = mkdtempSync(join(tmpdir(), "twilio-verify-"));
  try {
    const printed = JSON.parse(execFileSync(PROGRAM, ["exporter", "--print", "grafana"], { encoding: "utf8" }));
    const { end, text } = await scrapes(ends);
    const api = await prometheus(ends, folder, text);
    const opened = await browser.newPage();
    await opened.setContent(await page(printed, api, end));
    const size = await opened.evaluate(() => ({ width: document.body.offsetWidth, height: document.body.offsetHeight }));
    await opened.setViewportSize(size);
    await opened.screenshot({ path: file });
    await opened.close();
  } finally {
    for (const stop of ends) stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
