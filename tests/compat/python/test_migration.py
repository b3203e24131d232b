"""The calls of the guide's page on migration, exactly as shown, sent by the published SDK."""

import logging
import re
from types import SimpleNamespace

import pytest
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from migration import ids_of_the_document, operations


class Recorder(HttpClient):
    """Sends nothing, and answers as each operation does: with nothing, or with one object that is also a page."""

    def __init__(self):
        super().__init__(logging.getLogger(__name__), is_async=False)
        self.sent = []

    def request(self, method, url, **_):
        self.sent.append((method, url))
        if method == "DELETE":
            return Response(204, "")
        return Response(200, '{"meta": {"key": "items"}, "items": []}')


class Values(dict):
    """Whatever a call takes, by its name."""

    def __missing__(self, name):
        return name


def test_every_operation_has_its_calls():
    found = operations()
    assert {operation.id for operation in found} == ids_of_the_document()
    clients = {"Rust", "Python", "Node", "Go", "twilio-cli", "twilio-verify"}
    assert all(set(operation.calls) == clients for operation in found)


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_call(operation):
    recorder = Recorder()
    client = Client("AC" + "0" * 32, "token", http_client=recorder)
    request = SimpleNamespace(to_dict=dict)
    eval(operation.calls["Python"], {"__builtins__": {}}, Values(client=client, request=request))
    ((method, url),) = recorder.sent
    assert method == operation.method
    path = re.sub(r"\{\w+\}", "[^/]+", operation.path)
    assert re.fullmatch(rf"https://verify\.twilio\.com{path}", url)
