"use strict";
// TOTP: real codes of RFC 6238. Push: a signature with a key of one's own.

const assert = require("node:assert/strict");
const { generateKeyPairSync, sign } = require("node:crypto");
const { test } = require("node:test");
const { generate } = require("otplib");
const { start } = require("./emulator");
const { refused } = require("./refusals");

const identity = "user-0001-abcd";

test("TOTP", async (t) => {
  const emulator = await start(t, "--sample", "0");
  const { services } = emulator.client().verify.v2;
  const { sid } = await services.create({ friendlyName: "Shop" });
  await services(sid).entities.create({ identity });
  const entity = services(sid).entities(identity);

  const factor = await entity.newFactors.create({ friendlyName: "Ada's phone", factorType: "totp" });
  assert.equal(factor.status, "unverified");
  const { secret } = factor.binding;
  const unverified = await entity.factors(factor.sid).update({ authPayload: "000" });
  assert.equal(unverified.status, "unverified");
  const verified = await entity.factors(factor.sid).update({ authPayload: await generate({ secret }) });
  assert.equal(verified.status, "verified");

  // A code counts once: this is the next one's.
  await emulator.advance(30);
  const authPayload = await generate({ secret, epoch: Math.floor(Date.now() / 1000) + 30 });
  const challenge = await entity.challenges.create({ factorSid: factor.sid, authPayload });
  assert.equal(challenge.status, "approved");
  assert.equal((await entity.challenges(challenge.sid).fetch()).status, "approved");
});

/** What a device signs with its key: a JSON Web Token, ES256. */
const signed = (privateKey, claims) => {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode({ alg: "ES256", typ: "JWT" })}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
};

test("push", async (t) => {
  const emulator = await start(t, "--sample", "0");
  const { services } = emulator.client().verify.v2;
  const { sid } = await services.create({ friendlyName: "Shop" });
  await services(sid).entities.create({ identity });
  const entity = services(sid).entities(identity);

  const device = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const factor = await entity.newFactors.create({
    friendlyName: "Ada's phone",
    factorType: "push",
    "binding.alg": "ES256",
    "binding.publicKey": device.publicKey.export({ type: "spki", format: "der" }).toString("base64"),
    "config.appId": "com.example.shop",
    "config.notificationPlatform": "none",
    "config.sdkVersion": "1.0",
  });
  const authPayload = signed(device.privateKey, { sid: factor.sid });
  assert.equal((await entity.factors(factor.sid).update({ authPayload })).status, "verified");

  const challenge = await entity.challenges.create({
    factorSid: factor.sid,
    "details.message": "Log in?",
    "details.fields": [{ label: "Town", value: "Bogotá" }],
    hiddenDetails: { ip: "127.0.0.1" },
  });
  assert.equal(challenge.status, "pending");
  assert.deepEqual(challenge.details.fields, [{ label: "Town", value: "Bogotá" }]);

  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const claims = { sid: challenge.sid, status: "approved" };
  const answered = (by) => entity.challenges(challenge.sid).update({ authPayload: signed(by.privateKey, claims) });
  await assert.rejects(answered(stranger), refused(403, 60324));
  assert.equal((await answered(device)).status, "approved");
});
