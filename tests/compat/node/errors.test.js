"use strict";
// Each class of error, as the SDK rejects with it: its exception, the status and Twilio's code.

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { start } = require("./emulator");
const { gone, refused } = require("./refusals");

const to = "+573003003030";
const nobody = `VA${"f".repeat(32)}`;

const shop = async (t) => {
  const emulator = await start(t, "--sample", "0");
  const { v2 } = emulator.client().verify;
  const { sid } = await v2.services.create({ friendlyName: "Shop" });
  return { emulator, v2, service: v2.services(sid) };
};

test("wrong token", async (t) => {
  const emulator = await start(t, "--sample", "0");
  const client = emulator.client({}, "0".repeat(32));
  await assert.rejects(client.verify.v2.services.list(), refused(401, 20003));
});

test("not found", async (t) => {
  const { v2 } = await shop(t);
  await assert.rejects(v2.services(nobody).fetch(), (error) => {
    assert.equal(error.message, `The requested resource /Services/${nobody} was not found`);
    assert.equal(error.moreInfo, "https://www.twilio.com/docs/errors/20404");
    return gone(error);
  });
});

test("parameters", async (t) => {
  const { v2, service } = await shop(t);
  await assert.rejects(service.verifications.create({ to: "123", channel: "sms" }), refused(400, 60200));
  await assert.rejects(v2.services.create({ friendlyName: "Shop", codeLength: 11 }), refused(400, 60200));
  await assert.rejects(v2.services.create({ friendlyName: "Shop 12345" }), refused(400, 60200));
  await assert.rejects(service.verificationChecks.create({ code: "123456" }), refused(400, 60221));
  await assert.rejects(
    service.verifications.create({ to, channel: "sms", customCode: "4711" }),
    refused(403, 60204),
  );
});

test("the sixth check", async (t) => {
  const { emulator, service } = await shop(t);
  await service.verifications.create({ to, channel: "sms" });
  const code = await emulator.code(to);
  const wrong = code === "000000" ? "111111" : "000000";
  for (let n = 0; n < 5; n += 1) {
    assert.equal((await service.verificationChecks.create({ to, code: wrong })).valid, false);
  }
  await assert.rejects(service.verificationChecks.create({ to, code }), refused(429, 60202));
});

test("the sixth send", async (t) => {
  const { service } = await shop(t);
  for (let n = 0; n < 5; n += 1) await service.verifications.create({ to, channel: "sms" });
  await assert.rejects(service.verifications.create({ to, channel: "sms" }), refused(429, 60203));
});

test("too many requests", async (t) => {
  const emulator = await start(t, "--sample", "0");
  const client = emulator.client();
  const fetch = () => client.verify.v2.verificationAttemptsSummary().fetch();
  for (let n = 0; n < 100; n += 1) await fetch();
  await assert.rejects(fetch(), refused(429, 20429));
  const seconds = Number(client.httpClient.lastResponse.headers["retry-after"]);
  assert.ok(seconds > 0 && seconds <= 60, `${seconds}`);
});

const summaryFault = { operation: "FetchVerificationAttemptsSummary" };

test("what the SDK itself sends again", async (t) => {
  const emulator = await start(t, "--sample", "0");
  await emulator.control("POST", "faults", { ...summaryFault, effect: 429, on: "1..2" });
  const client = emulator.client({ autoRetry: true });
  const summary = await client.verify.v2.verificationAttemptsSummary().fetch();
  assert.equal(summary.totalAttempts, 0);
  const { requests } = await emulator.control("GET", "requests");
  assert.deepEqual(requests.map((request) => request.status), [429, 429, 200]);
});

test("faults", async (t) => {
  const emulator = await start(t, "--sample", "0");
  const { v2 } = emulator.client().verify;
  const fetch = () => v2.verificationAttemptsSummary().fetch();

  // A proxy's page has no code of Twilio's.
  await emulator.control("POST", "faults", { ...summaryFault, effect: 503, body: "html" });
  await assert.rejects(fetch(), refused(503, undefined));
  await emulator.control("DELETE", "faults");

  await emulator.control("POST", "faults", { ...summaryFault, effect: "reset" });
  await assert.rejects(fetch(), { code: "ECONNRESET" });
  await emulator.control("DELETE", "faults");
  assert.equal((await fetch()).totalAttempts, 0);
});
