// The emulator's page, as a person sees it, in headless Chromium.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    // As root in a container there is no sandbox to be had; and nothing beyond this machine is to be asked.
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});

after(() => browser.close());

/** Starts an emulator, which ends with the test. */
async function start(test) {
  const child = spawn(process.env.TWILIO_VERIFY_PROGRAM, ["-o", "json", "emulator", "--port", "0", "--sample", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  test.after(async () => {
    child.kill();
    await ended;
  });
  let text = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    text += chunk;
    if (text.endsWith("}\n")) break;
  }
  const { url, account_sid, auth_token } = JSON.parse(text);
  const authorization = `Basic ${Buffer.from(`${account_sid}:${auth_token}`).toString("base64")}`;
  const post = async (path, form) => {
    const body = new URLSearchParams(form);
    const response = await fetch(`${url}${path}`, { method: "POST", body, headers: { authorization } });
    return response.json();
  };
  return { url, post };
}

/** Opens an emulator's page. What the page says in its console of errors fails the test. */
async function open(test, url) {
  const page = await browser.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => request.url().startsWith(url) || faults.push(`asked ${request.url()}`));
  test.after(async () => {
    await page.close();
    assert.deepEqual(faults, []);
  });
  await page.goto(`${url}/_emulator/`);
  await page.getByText("live").waitFor();
  return page;
}

/** Acts, and waits for the response of the emulator. */
async function done(page, what, act) {
  const answered = page.waitForResponse(
    (response) => response.url().endsWith(`/_emulator/${what}`) && response.request().method() !== "GET",
  );
  await act();
  assert.equal((await answered).ok(), true);
}

const text = (page, selector) => page.locator(selector).textContent();

test("a message shows as it is sent, and its conversion as it happens", async (t) => {
  const { url, post } = await start(t);
  const page = await open(t, url);
  assert.equal(await page.getByText("Nothing was sent yet").isVisible(), true);

  const { sid } = await post("/v2/Services", { FriendlyName: "Shop" });
  await post(`/v2/Services/${sid}/Verifications`, { To: "+573003003030", Channel: "sms" });
  const message = page.locator("#messages li");
  await message.waitFor();
  const code = await message.locator(".code").textContent();
  assert.match(code, /^[0-9]{6}$/);
  assert.match(await message.locator(".text").textContent(), new RegExp(code));
  assert.match(await message.locator(".about").textContent(), /sms to \+573003003030/);
  assert.equal(await page.getByText("Nothing was sent yet").isVisible(), false);
  assert.equal(await text(page, "#total-attempts"), "1");
  assert.equal(await text(page, "#total-converted"), "0");
  assert.equal(await page.locator("#chart rect.unconverted").count(), 1);

  await post(`/v2/Services/${sid}/VerificationCheck`, { To: "+573003003030", Code: code });
  await page.locator("#attempts td.good").waitFor();
  assert.equal(await text(page, "#total-converted"), "1");
  assert.equal(await text(page, "#conversion-rate"), "100.0 %");
  assert.equal(await page.locator("#chart rect.converted").count(), 1);
  assert.deepEqual(await page.locator("#channels tbody td").allTextContents(), ["sms", "1", "1"]);
  const requests = await page.locator("#requests tbody td:nth-child(2)").allTextContents();
  assert.deepEqual(requests, [
    `POST /v2/Services/${sid}/VerificationCheck`,
    `POST /v2/Services/${sid}/Verifications`,
    "POST /v2/Services",
  ]);
});

test("what a message says is text, not markup", async (t) => {
  const { url, post } = await start(t);
  const page = await open(t, url);
  const { sid } = await post("/v2/Services", { FriendlyName: "Shop" });
  await post(`/v2/Services/${sid}/Verifications`, {
    To: "someone@example.com",
    Channel: "email",
    CustomFriendlyName: "<img src=x onerror=1>",
  });
  await page.locator("#messages li").waitFor();
  assert.equal(await page.locator("img").count(), 0);
  assert.match(await text(page, "#messages .text"), /<img src=x onerror=1>/);
});

test("the controls fix the code, move the clock and forget everything", async (t) => {
  const { url, post } = await start(t);
  const page = await open(t, url);
  await page.getByLabel("Code").fill("424242");
  await done(page, "code", () => page.getByRole("button", { name: "Fix code" }).click());
  const { sid } = await post("/v2/Services", { FriendlyName: "Shop" });
  await post(`/v2/Services/${sid}/Verifications`, { To: "+573003003030", Channel: "sms" });
  await page.getByText("424242", { exact: true }).waitFor();

  await done(page, "clock", () => page.getByRole("button", { name: "+10 min" }).click());
  const check = await post(`/v2/Services/${sid}/VerificationCheck`, { To: "+573003003030", Code: "424242" });
  assert.equal(check.code, 20404);

  await page.getByRole("button", { name: "Reset" }).click();
  await page.getByText("Nothing was sent yet").waitFor();
  assert.equal(await text(page, "#total-attempts"), "0");
  assert.equal(await page.locator("#requests tbody tr").count(), 0);
});

test("the page shows that the emulator has ended", async (t) => {
  let stop;
  const { url } = await start({ after: (end) => (stop = end) });
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(`${url}/_emulator/`);
  await page.getByText("live").waitFor();
  await stop();
  await page.getByText("does not respond").waitFor();
});
