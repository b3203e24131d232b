"use strict";
// From the code that is sent to the code that is given back.

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { start } = require("./emulator");
const { gone } = require("./refusals");

const to = "+573003003030";

test("start, check, approve", async (t) => {
  const emulator = await start(t, "--sample", "0");
  const { v2 } = emulator.client().verify;
  const { sid } = await v2.services.create({ friendlyName: "Shop" });
  const service = v2.services(sid);

  const verification = await service.verifications.create({ to, channel: "sms" });
  assert.equal(verification.status, "pending");
  assert.equal(verification.valid, false);
  assert.equal(verification.sendCodeAttempts.length, 1);
  assert.equal((await service.verifications(to).fetch()).sid, verification.sid);

  const code = await emulator.code(to);
  const wrong = await service.verificationChecks.create({ to, code: code === "000000" ? "111111" : "000000" });
  assert.deepEqual([wrong.status, wrong.valid], ["pending", false]);
  const right = await service.verificationChecks.create({ verificationSid: verification.sid, code });
  assert.deepEqual([right.status, right.valid], ["approved", true]);

  await assert.rejects(service.verifications(verification.sid).fetch(), gone);
  await assert.rejects(service.verificationChecks.create({ to, code }), gone);

  const [attempt, ...others] = await v2.verificationAttempts.list();
  assert.deepEqual(others, []);
  assert.equal(attempt.verificationSid, verification.sid);
  assert.equal(attempt.conversionStatus, "converted");
});

test("expiry", async (t) => {
  const emulator = await start(t, "--sample", "0");
  const { v2 } = emulator.client().verify;
  const { sid } = await v2.services.create({ friendlyName: "Shop" });
  await v2.services(sid).verifications.create({ to, channel: "sms" });
  const code = await emulator.code(to);
  await emulator.advance(11 * 60);
  await assert.rejects(v2.services(sid).verificationChecks.create({ to, code }), gone);
});
