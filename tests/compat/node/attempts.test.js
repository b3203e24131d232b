"use strict";
// Lists through the ways in which the SDK pages, and single attempts.

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { start } = require("./emulator");

test("attempts", async (t) => {
  const emulator = await start(t, "--sample", "250");
  const { verificationAttempts: attempts } = emulator.client().verify.v2;
  const everything = await attempts.list({ pageSize: 100 });
  const sids = everything.map((attempt) => attempt.sid);

  await t.test("a list follows every page", async () => {
    assert.equal(new Set(sids).size, 250);
    const times = everything.map((attempt) => attempt.dateCreated.getTime());
    assert.deepEqual(times, times.toSorted((a, b) => b - a));
    const limited = await attempts.list({ limit: 120 });
    assert.deepEqual(limited.map((attempt) => attempt.sid), sids.slice(0, 120));
  });

  await t.test("each", async () => {
    const seen = [];
    await new Promise((resolve, reject) => {
      attempts.each({
        pageSize: 7,
        callback: (attempt) => seen.push(attempt.sid),
        done: (error) => (error ? reject(error) : resolve()),
      });
    });
    assert.deepEqual(seen, sids);
  });

  await t.test("pages lead on and back", async () => {
    const first = await attempts.page({ pageSize: 100 });
    const second = await first.nextPage();
    const third = await second.nextPage();
    const of = (page) => page.instances.map((attempt) => attempt.sid);
    assert.deepEqual([of(first), of(second), of(third)].flat(), sids);
    assert.equal(third.nextPage(), undefined);
    assert.equal(first.previousPage(), undefined);
    assert.deepEqual(of(await third.previousPage()), of(second));
    assert.deepEqual(of(await attempts.getPage(second.nextPageUrl)), of(third));
  });

  await t.test("filters", async () => {
    const converted = await attempts.list({ status: "converted" });
    const expected = everything.filter((attempt) => attempt.conversionStatus === "converted");
    assert.ok(expected.length > 0);
    assert.deepEqual(converted.map((attempt) => attempt.sid), expected.map((attempt) => attempt.sid));
    const { to } = everything[0].channelData;
    const theirs = await attempts.list({ "channelData.to": to });
    assert.ok(theirs.length > 0);
    assert.ok(theirs.every((attempt) => attempt.channelData.to === to));
  });

  await t.test("fetch", async () => {
    const [listed] = everything;
    const fetched = await attempts(listed.sid).fetch();
    assert.equal(fetched.sid, listed.sid);
    assert.deepEqual(fetched.dateCreated, listed.dateCreated);
    assert.deepEqual(fetched.channelData, listed.channelData);
  });
});
