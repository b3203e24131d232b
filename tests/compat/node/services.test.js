"use strict";
// Services, and what hangs below them.

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { start } = require("./emulator");
const { gone } = require("./refusals");

test("services", async (t) => {
  const emulator = await start(t, "--sample", "0");
  const { services } = emulator.client().verify.v2;

  const created = await services.create({ friendlyName: "Shop", codeLength: 8, "totp.issuer": "Shop Inc" });
  assert.match(created.sid, /^VA[0-9a-f]{32}$/);
  assert.equal(created.codeLength, 8);
  assert.equal(created.totp.issuer, "Shop Inc");
  assert.ok(created.dateCreated instanceof Date);

  const service = services(created.sid);
  assert.equal((await service.update({ friendlyName: "Store" })).friendlyName, "Store");
  assert.equal((await service.fetch()).friendlyName, "Store");
  for (let n = 0; n < 5; n += 1) await services.create({ friendlyName: `Other ${n}` });
  assert.equal((await services.list({ pageSize: 2 })).length, 6);

  const webhook = await service.webhooks.create({
    friendlyName: "Hook",
    eventTypes: ["factor.created", "factor.verified"],
    webhookUrl: "https://example.com/hook",
  });
  assert.deepEqual(webhook.eventTypes, ["factor.created", "factor.verified"]);

  assert.equal(await service.remove(), true);
  await assert.rejects(service.fetch(), gone);
});
