"""Every block of the guide's page on testing in other languages that a reader may copy, copied."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from emulator import PROGRAM, Emulator

FOLDER = Path(__file__).parent.parent
NODE = FOLDER / "node"
PAGE = (FOLDER.parent.parent / "docs/src/testing-in-other-languages.md").read_text()
BLOCKS = [
    (language, block)
    for language, block in re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S)
    if not block.startswith("cargo install ")
]
STARTS = [block for _, block in BLOCKS if block.startswith("twilio-verify emulator ")]
RUN = {
    "js": ["node", "--eval"],
    "python": [sys.executable, "-c"],
    "sh": ["bash", "-euo", "pipefail", "-c"],
}


@pytest.fixture(scope="module")
def emulators():
    with Emulator("--sample", "42") as plain, Emulator("--sample", "42", "--tls") as tls:
        yield plain, tls


@pytest.mark.parametrize(("language", "block"), [b for b in BLOCKS if b[1] not in STARTS])
def test_block(emulators, tmp_path, language, block):
    plain, tls = emulators
    copied = (
        block.replace("127.0.0.1:8080", plain.url.removeprefix("http://"))
        .replace("127.0.0.1:8443", tls.url.removeprefix("https://"))
        .replace("ca.pem", tls.ca)
    )
    assert copied != block
    programs = [NODE / "node_modules/.bin", Path(sys.executable).parent, os.environ["PATH"]]
    finished = subprocess.run(
        [*RUN[language], copied],
        cwd=NODE,
        env={
            "PATH": ":".join(map(str, programs)),
            "HOME": str(tmp_path),
            "TWILIO_ACCOUNT_SID": plain.account_sid,
            "TWILIO_AUTH_TOKEN": plain.auth_token,
            "TWILIO_SKIP_NEW_VERSION_CHECK": "true",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr
    expected = "messages" if "outbox" in block else "42"
    assert expected in finished.stdout, finished.stderr


@pytest.mark.parametrize("block", STARTS)
def test_start(block):
    """What the page has a reader export is what the command prints."""
    command, *exports = block.splitlines()
    _, *arguments = re.sub(r"--port \d+", "--port 0", command).split()
    process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, text=True)
    printed = set()
    for line in process.stdout:
        printed.add(line.strip())
        if line.startswith("curl "):
            break
    process.terminate()
    process.stdout.close()
    assert process.wait(timeout=10) == 0
    assert any(line.startswith("# Twilio Verify emulator at http") for line in printed)
    assert printed.issuperset(exports)
