"""The recipes of the guide for curl."""

import json
import subprocess

from emulator import Emulator


def curl(emulator, *arguments):
    finished = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "10"]
        + ["--user", f"{emulator.account_sid}:{emulator.auth_token}", *arguments],
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def test_plain(emulator):
    service = curl(emulator, "--data", "FriendlyName=Shop", f"{emulator.url}/v2/Services")
    path = f"{emulator.url}/v2/Services/{service['sid']}"
    to = "+573003003030"
    curl(
        emulator, f"{path}/Verifications", "--data-urlencode", f"To={to}", "--data", "Channel=sms"
    )
    check = curl(
        emulator,
        f"{path}/VerificationCheck",
        "--data-urlencode",
        f"To={to}",
        "--data",
        f"Code={emulator.code(to)}",
    )
    assert check["status"] == "approved"
    summary = curl(emulator, f"{emulator.url}/v2/Attempts/Summary?Country=CO")
    assert summary["conversion_rate_percentage"] == "100.000000000"
