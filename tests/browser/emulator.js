// An emulator as a process of its own, and its page in a browser.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";

import { chromium } from "playwright-core";

const AXE = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM,
  // As root in a container there is no sandbox to be had; and nothing beyond this machine is to be asked.
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    // So that pictures are the same each time, with the same fonts.
    "--disable-lcd-text", "--disable-partial-raster", "--disable-skia-runtime-opts", "--force-color-profile=srgb", "--num-raster-threads=1"],
});

/** What closes the pages of an emulator, by its URL: before it ends, as they complain then. */
const pages = new Map();

/** Starts an emulator, which ends with the test. */
export async function start(test, ...flags) {
  const child = spawn(process.env.TWILIO_VERIFY_PROGRAM, ["-o", "json", "emulator", "--port", "0", "--sample", "0", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let base;
  const stop = async () => {
    child.kill();
    await ended;
  };
  test.after(async () => {
    const closing = await Promise.allSettled((pages.get(base) ?? []).map((close) => close()));
    await stop();
    for (const { reason } of closing) if (reason) throw reason;
  });
  let text = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += chunk;
    if (text.endsWith("}\n")) break;
  }
  const { url, account_sid: account, auth_token: token } = JSON.parse(text);
  base = url;
  const authorization = `Basic ${Buffer.from(`${account}:${token}`).toString("base64")}`;
  const post = async (path, form = {}) => {
    const response = await fetch(`${url}${path}`, { method: "POST", body: new URLSearchParams(form), headers: { authorization } });
    return response.json();
  };
  const control = async (method, path, body) => {
    const response = await fetch(`${url}/_emulator/${path}`, {
      method,
      body: body && JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    const answer = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${answer}`);
    return answer ? JSON.parse(answer) : null;
  };
  const code = async (to) => (await control("GET", `outbox?to=${encodeURIComponent(to)}`)).messages.at(-1).code;
  const service = async (name = "Shop") => (await post("/v2/Services", { FriendlyName: name })).sid;
  const send = (sid, to, channel = "sms", more = {}) =>
    post(`/v2/Services/${sid}/Verifications`, { To: to, Channel: channel, ...more });
  const check = (sid, to, typed) => post(`/v2/Services/${sid}/VerificationCheck`, { To: to, Code: typed });
  return { url, account, token, post, control, code, service, send, check, stop };
}

/** Opens an emulator's page. What the page says in its console of errors fails the test. */
export async function open(browser, url, { view = "inbox", ...options } = {}) {
  const context = await browser.newContext(options);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  // A request that the emulator rejects is told to the person, and the browser notes it too.
  page.on("console", (message) =>
    message.type() === "error" && !message.text().includes("the server responded with a status of") && faults.push(message.text()));
  page.on("request", (request) => request.url().startsWith(url) || faults.push(`asked ${request.url()}`));
  const close = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  pages.set(url, [...(pages.get(url) ?? []), close]);
  await page.goto(`${url}/_emulator/#/${view}`);
  await page.getByText("Live", { exact: true }).waitFor();
  return page;
}

export const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

/** Presses a button and waits for what the page tells about it. */
export async function press(page, name, told) {
  // It is shown for a few seconds only.
  await Promise.all([
    page.locator("#toast.shown").filter({ hasText: told }).waitFor(),
    page.getByRole("button", { name, exact: true }).click(),
  ]);
}

/** Checks accessibility by axe, and that nothing lies beside the window. */
export async function examine(page, what) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run());
  const found = violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.map((node) => node.html).join(" ")}`);
  assert.deepEqual(found, []);
  const beside = await page.evaluate(() => [...document.querySelectorAll("a, button, input, select, dd, li, td")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest("pre, .offscreen, datalist"))
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < -1 || right > innerWidth + 1;
    })
    .map((element) => element.outerHTML.slice(0, 100)));
  assert.deepEqual(beside, [], what);
}

/** Those pairs of the page's colours, `[one, other, least]`, whose contrast is lower than that, as WCAG computes it. */
export const tooLow = (page, pairs) => page.evaluate((pairs) => {
  const probe = document.body.appendChild(document.createElement("i"));
  const luminance = (name) => {
    probe.style.color = `var(--${name})`;
    const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  return pairs.map(([one, other, least]) => [one, other, contrast(one, other), least])
    .filter(([, , given, least]) => given < least)
    .map(([one, other, given]) => `${one} on ${other}: ${given.toFixed(2)}`);
}, pairs);

const SCREENSHOTS = new URL("../../target/screenshots/", import.meta.url);

/** Takes a picture, for people, under `target/screenshots`. */
export async function picture(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: new URL(`${name}.png`, SCREENSHOTS).pathname });
}

/** An inbox with a message in each state, at a time that does not move. */
export async function fill({ control, post, code, service, send, check }) {
  const clock = (seconds) => control("POST", "clock", { advance_seconds: seconds });
  await control("PUT", "clock", { now: "2026-03-02T09:41:00Z", running: false });
  const shop = await service("Shop");
  const bank = await service("Bank");
  await send(bank, "+14155550107");
  await check(bank, "+14155550107", await code("+14155550107"));
  await clock(55);
  await send(shop, "+12025550123");
  await clock(460);
  await send(shop, "+15005550002");
  await send(shop, "ana@example.com", "email");
  await clock(95);
  const canceled = await send(bank, "+447700900123");
  await post(`/v2/Services/${bank}/Verifications/${canceled.sid}`, { Status: "canceled" });
  await clock(24);
  await send(bank, "+4915112345678", "whatsapp");
  await send(shop, "+819012345678", "call");
  for (let count = 0; count < 5; count += 1) await check(shop, "+819012345678", "000000");
  await clock(38);
  await send(shop, "+573003003030", "sms");
  await clock(12);
  await check(shop, "+573003003030", "000000");
  await clock(20);
  await send(shop, "+573003003030", "sms");
  await clock(7);
  return { shop, bank };
}
