"""Every block of the README that a reader may copy, copied."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from emulator import PROGRAM, Emulator

FOLDER = Path(__file__).parent.parent
NODE = FOLDER / "node"
START, *BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", (FOLDER / "README.md").read_text(), re.M | re.S)
RUN = {
    "js": ["node", "--eval"],
    "python": [sys.executable, "-c"],
    "sh": ["bash", "-euo", "pipefail", "-c"],
}
PLAIN = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def emulator():
    with Emulator("--sample", "42") as emulator:
        yield emulator


@pytest.mark.parametrize(("language", "block"), BLOCKS)
def test_block(emulator, tmp_path, language, block):
    assert PLAIN in block
    block = block.replace(PLAIN, emulator.url)
    finished = subprocess.run(
        [*RUN[language], block],
        cwd=NODE,
        env={
            "PATH": f"{NODE}/node_modules/.bin:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "TWILIO_ACCOUNT_SID": emulator.account_sid,
            "TWILIO_AUTH_TOKEN": emulator.auth_token,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr
    assert "42" in finished.stdout, finished.stderr


def test_start():
    """What the README has a reader export is what the command prints."""
    _, block = START
    command, *exports = block.splitlines()
    assert command.startswith("twilio-verify emulator ")
    process = subprocess.Popen(
        [PROGRAM, "emulator", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    printed = set()
    for line in process.stdout:
        printed.add(line.strip())
        if line.startswith("curl "):
            break
    process.terminate()
    process.stdout.close()
    assert process.wait(timeout=10) == 0
    assert exports and printed.issuperset(exports)
