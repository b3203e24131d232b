"use strict";
// An emulator in a process of its own, and what a test may ask of it beside the API.

const { spawn } = require("node:child_process");
const { once } = require("node:events");
const twilio = require("twilio");

/** Starts one, which ends with the test. */
exports.start = async (test, ...options) => {
  const child = spawn(process.env.TWILIO_VERIFY_PROGRAM, ["-o", "json", "emulator", "--port", "0", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  test.after(async () => {
    child.kill();
    await ended;
  });
  return new Emulator(await firstJson(child.stdout));
};

const firstJson = async (stream) => {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    text += chunk;
    try {
      return JSON.parse(text);
    } catch {
      // There is more to come.
    }
  }
  throw new Error("the emulator did not start: see what it wrote to stderr");
};

class Emulator {
  constructor(started) {
    this.url = started.url;
    this.accountSid = started.account_sid;
    this.authToken = started.auth_token;
  }

  /** The official client, as in its documentation except for one line. */
  client(options, authToken = this.authToken) {
    const client = twilio(this.accountSid, authToken, options);
    client.verify.baseUrl = this.url;
    return client;
  }

  async control(method, path, body) {
    const credentials = Buffer.from(`${this.accountSid}:${this.authToken}`).toString("base64");
    const response = await fetch(`${this.url}/_emulator/${path}`, {
      method,
      headers: { authorization: `Basic ${credentials}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} /_emulator/${path}: ${response.status}`);
    const text = await response.text();
    return text ? JSON.parse(text) : undefined;
  }

  /** The code that was last sent to somebody. */
  async code(to) {
    const { messages } = await this.control("GET", "outbox");
    return messages.findLast((message) => message.to === to).code;
  }

  /** Moves the emulator's clock forward. */
  advance(seconds) {
    return this.control("POST", "clock", { advance_seconds: seconds });
  }
}
