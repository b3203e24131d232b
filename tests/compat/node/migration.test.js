"use strict";
// The calls of the guide's page on migration, exactly as shown: sent by the published SDK, and looked up among
// twilio-cli's commands and flags.

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { test } = require("node:test");
const twilio = require("twilio");

const page = readFileSync(join(__dirname, "../../../docs/src/migration.md"), "utf8");
const operations = [...page.matchAll(/^### (\w+)\n\n`(\w+) (\S+)`\n\n((?:\|.*\n)+)/gm)].map(([, id, method, path, rows]) => ({
  id,
  method,
  path,
  calls: Object.fromEntries([...rows.matchAll(/^\| ([\w-]+) \| `(.*)` \|$/gm)].map(([, client, call]) => [client, call])),
}));

test("the page has operations", () => assert.ok(operations.length >= 57));

/** Evaluates a call in which every name but the client's stands for a text. */
const send = (call, client) => {
  const scope = new Proxy(
    {},
    { has: () => true, get: (_, name) => ({ client, request: {}, [Symbol.unscopables]: undefined })[name] ?? (typeof name === "string" ? name : undefined) },
  );
  return new Function("scope", `with (scope) { return ${call}; }`)(scope);
};

for (const operation of operations) {
  test(`${operation.id} by the SDK`, async () => {
    const sent = [];
    const httpClient = {
      request: async ({ method, uri }) => {
        sent.push({ method: method.toUpperCase(), uri });
        if (method.toUpperCase() === "DELETE") return { statusCode: 204, body: "" };
        return { statusCode: 200, body: JSON.stringify({ meta: { key: "items" }, items: [] }) };
      },
    };
    await send(operation.calls.Node, twilio(`AC${"0".repeat(32)}`, "token", { httpClient }));
    assert.equal(sent.length, 1);
    assert.equal(sent[0].method, operation.method);
    assert.match(sent[0].uri, new RegExp(`^https://verify\\.twilio\\.com${operation.path.replace(/\{\w+\}/g, "[^/]+")}$`));
  });
}

test("twilio-cli has the commands and their flags", () => {
  const plugins = [];
  const config = { version: "0", plugins, loadCommands() {}, loadTopics() {} };
  require("twilio-cli/src/hooks/init/twilio-api").call({ config });
  const ids = plugins[0].commandIDs;
  for (const { calls } of operations) {
    const [program, id, ...rest] = calls["twilio-cli"].split(" ");
    assert.equal(program, "twilio");
    const index = ids.indexOf(id);
    assert.ok(index >= 0, `twilio-cli has no ${id}`);
    const flags = plugins[0].commands[index].flags;
    for (const flag of rest.filter((word) => word.startsWith("--"))) {
      assert.ok(flag.slice(2) in flags, `${id} has no ${flag}: ${Object.keys(flags)}`);
    }
  }
});
