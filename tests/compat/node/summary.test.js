"use strict";
// The three published examples of the summary, and its other filters, over what the emulator was really asked for.

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { start } = require("./emulator");

const numbers = (prefix, count) => Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(3, "0")}`);

const counts = (summary) => [
  summary.totalAttempts,
  summary.totalConverted,
  summary.totalUnconverted,
  summary.conversionRatePercentage,
];

test("filters", async (t) => {
  const emulator = await start(t, "--sample", "0");
  const { v2 } = emulator.client().verify;

  // Sends a code to each number, and gives the first `converted` of them back.
  const shop = async (channel, to, converted) => {
    const { sid } = await v2.services.create({ friendlyName: "Shop" });
    for (const [index, number] of to.entries()) {
      await v2.services(sid).verifications.create({ to: number, channel });
      if (index < converted) {
        const code = await emulator.code(number);
        const check = await v2.services(sid).verificationChecks.create({ to: number, code });
        assert.equal(check.status, "approved");
      }
    }
    return sid;
  };
  const colombia = await shop("sms", numbers("+573050000", 11), 9);
  const us = await shop("call", numbers("+14155550", 4), 1);

  const fetch = (filters) => v2.verificationAttemptsSummary().fetch(filters);
  const summary = await fetch();
  assert.deepEqual(counts(summary), [15, 10, 5, "66.666666667"]);
  assert.equal(summary.url, `${emulator.url}/v2/Attempts/Summary`);

  const published = [11, 9, 2, "81.818181818"];
  assert.deepEqual(counts(await fetch({ verifyServiceSid: colombia })), published);
  assert.deepEqual(counts(await fetch({ country: "CO" })), published);
  assert.deepEqual(counts(await fetch({ channel: "sms" })), published);
  assert.deepEqual(counts(await fetch({ destinationPrefix: "+57305" })), published);
  assert.deepEqual(counts(await fetch({ verifyServiceSid: us })), [4, 1, 3, "25.000000000"]);

  const hour = 3_600_000;
  const [before, after] = [new Date(Date.now() - hour), new Date(Date.now() + hour)];
  const everything = await fetch({ dateCreatedAfter: before, dateCreatedBefore: after });
  assert.deepEqual(counts(everything), counts(summary));
  const nothing = [0, 0, 0, null];
  assert.deepEqual(counts(await fetch({ dateCreatedAfter: after })), nothing);
  assert.deepEqual(counts(await fetch({ dateCreatedBefore: before })), nothing);
});
