"use strict";

const assert = require("node:assert/strict");
const { RestException } = require("twilio");

/** What `assert.rejects` takes: the SDK's own error, with this status and Twilio's code. */
const refused = (status, code) => (error) => {
  assert.ok(error instanceof RestException, `${error}`);
  assert.deepEqual([error.status, error.code], [status, code]);
  return true;
};

exports.refused = refused;
exports.gone = refused(404, 20404);
