"""twilio-cli, which two environment variables point at the emulator for verify.twilio.com."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from emulator import Emulator

TWILIO = Path(__file__).parent.parent / "node/node_modules/.bin/twilio"
TO = "+573003003030"


@pytest.fixture
def twilio(tmp_path):
    with Emulator("--sample", "0", "--tls") as emulator:

        def run(*arguments, auth_token=None):
            return subprocess.run(
                [TWILIO, *arguments, "-o", "json"],
                env={
                    "PATH": f"{TWILIO.parent}:{os.environ['PATH']}",
                    # Its files, and no question about newer versions.
                    "HOME": str(tmp_path),
                    "TWILIO_SKIP_NEW_VERSION_CHECK": "true",
                    "HTTPS_PROXY": emulator.url,
                    "NODE_EXTRA_CA_CERTS": emulator.ca,
                    "TWILIO_ACCOUNT_SID": emulator.account_sid,
                    "TWILIO_AUTH_TOKEN": auth_token or emulator.auth_token,
                },
                capture_output=True,
                text=True,
                timeout=60,
            )

        def ask(*arguments):
            finished = run(*arguments)
            assert finished.returncode == 0, finished.stderr
            return json.loads(finished.stdout)

        yield emulator, run, ask


def test_from_the_service_to_the_summary(twilio):
    emulator, _, ask = twilio
    v2 = "api:verify:v2:"
    (service,) = ask(f"{v2}services:create", "--friendly-name", "Shop")
    in_service = ["--service-sid", service["sid"]]
    (started,) = ask(
        f"{v2}services:verifications:create", *in_service, "--to", TO, "--channel", "sms"
    )
    assert started["status"] == "pending"
    (check,) = ask(
        f"{v2}services:verification-check:create",
        *in_service,
        "--to",
        TO,
        "--code",
        emulator.code(TO),
    )
    assert (check["status"], check["valid"]) == ("approved", True)

    for _ in range(2):
        ask(f"{v2}services:verifications:create", *in_service, "--to", TO, "--channel", "call")
    listed = ask(f"{v2}attempts:list", "--page-size", "1", "--no-limit")
    assert len({attempt["sid"] for attempt in listed}) == 3
    (converted,) = ask(f"{v2}attempts:list", "--status", "converted")
    assert converted["verificationSid"] == started["sid"]

    (summary,) = ask(f"{v2}attempts:summary:fetch", "--country", "CO")
    assert (summary["totalAttempts"], summary["totalConverted"]) == (3, 1)
    assert summary["conversionRatePercentage"] == "33.333333333"


def test_errors(twilio):
    _, run, _ = twilio
    sid = "VA" + "f" * 32
    for token, status, code in ((None, 404, 20404), ("0" * 32, 401, 20003)):
        finished = run("api:verify:v2:services:fetch", "--sid", sid, auth_token=token)
        (error,) = json.loads(finished.stdout)
        assert (error["status"], error["code"]) == (status, code)
        # The first two digits of the code are all that fits.
        assert finished.returncode == 20
