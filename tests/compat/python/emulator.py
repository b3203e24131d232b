"""An emulator in a process of its own, and what a test may ask of it beside the API."""

import json
import os
import subprocess
from datetime import timedelta

import requests
from twilio.rest import Client

PROGRAM = os.environ["TWILIO_VERIFY_PROGRAM"]


def _first_json(lines):
    text = ""
    for line in lines:
        text += line
        try:
            return json.loads(text)
        except ValueError:
            continue
    raise RuntimeError("the emulator did not start: see what it wrote to stderr")


class Emulator:
    def __init__(self, *arguments: str):
        self._process = subprocess.Popen(
            [PROGRAM, "-o", "json", "emulator", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            text=True,
        )
        started = _first_json(self._process.stdout)
        self.url: str = started["url"]
        self.account_sid: str = started["account_sid"]
        self.auth_token: str = started["auth_token"]
        self.ca: str | None = started.get("ca_certificate")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.terminate()
        assert self._process.wait(timeout=10) == 0
        self._process.stdout.close()

    def client(self, auth_token: str | None = None, **options) -> Client:
        """The official client, as in its documentation except for one line."""
        client = Client(self.account_sid, auth_token or self.auth_token, **options)
        client.verify.base_url = self.url
        return client

    def control(self, method: str, path: str, body=None):
        response = requests.request(
            method,
            f"{self.url}/_emulator/{path}",
            json=body,
            auth=(self.account_sid, self.auth_token),
            verify=self.ca or True,
            timeout=10,
        )
        response.raise_for_status()
        return response.json() if response.content else None

    def code(self, to: str) -> str:
        """The code that was last sent to somebody."""
        messages = self.control("GET", "outbox")["messages"]
        return [message["code"] for message in messages if message["to"] == to][-1]

    def advance(self, **by) -> None:
        """Moves the emulator's clock forward."""
        self.control("POST", "clock", {"advance_seconds": int(timedelta(**by).total_seconds())})
