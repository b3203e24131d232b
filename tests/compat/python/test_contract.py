"""The document against the emulator: requests that schemathesis generates get the responses that the document describes."""

import json
import os
import subprocess
import sys
from pathlib import Path

from emulator import Emulator

HERE = Path(__file__).parent
DOCUMENT = HERE.parent.parent.parent / "openapi/verify_v2.json"

# Not `negative_data_rejection`: what the document doesn't know is ignored, as Twilio does. Not
# `positive_data_acceptance`: the document doesn't say all, such as what a phone number is.
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "use_after_free",
    "ignored_auth",
]

# What a device or an authenticator must sign before it succeeds.
SIGNED = {
    "CreateNotification",
    "CreateChallengePasskeys",
    "UpdateChallengePasskeys",
    "UpdatePasskeysFactor",
}


def test_contract(tmp_path):
    reached = tmp_path / "reached"
    with Emulator("--sample", "1000") as emulator:
        finished = subprocess.run(
            [
                Path(sys.executable).parent / "schemathesis",
                "run",
                DOCUMENT,
                f"--url={emulator.url}",
                f"--auth={emulator.account_sid}:{emulator.auth_token}",
                f"--checks={','.join(CHECKS)}",
                "--seed=1",
                "--generation-deterministic",
                "--max-examples=30",
                "--continue-on-failure",
                "--request-timeout=10",
                "--warnings=off",
                "--no-color",
            ],
            env={
                "PATH": os.environ["PATH"],
                "SCHEMATHESIS_HOOKS": "contract_hooks",
                "PYTHONPATH": str(HERE),
                "REACHED": str(reached),
                "EMULATOR_URL": emulator.url,
                "EMULATOR_ACCOUNT_SID": emulator.account_sid,
                "EMULATOR_AUTH_TOKEN": emulator.auth_token,
            },
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        assert finished.returncode == 0, finished.stdout

    document = json.loads(DOCUMENT.read_text())
    operations = {
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
    assert operations - set(reached.read_text().split()) == SIGNED
