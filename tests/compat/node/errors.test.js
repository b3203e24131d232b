"use strict";
// Each class of error, as the SDK rejects with it: its exception, the status and Twilio's code.

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { start } = require("./emulator");
const { gone, refused } = require("./refusals");

const nobody = `VA${"f".repeat(32)}`;

test("wrong token", async (t) => {
  const emulator = await start(t, "--sample", "0");
  const client = emulator.client({}, "0".repeat(32));
  await assert.rejects(client.verify.v2.services.list(), refused(401, 20003));
});

test("not found", async (t) => {
  const emulator = await start(t, "--sample", "0");
  const { v2 } = emulator.client().verify;
  await assert.rejects(v2.services(nobody).fetch(), (error) => {
    assert.equal(error.message, `The requested resource /v2/Services/${nobody} was not found`);
    assert.equal(error.moreInfo, "https://www.twilio.com/docs/errors/20404");
    return gone(error);
  });
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
