"""Each class of error, as the SDK raises it: its exception, the status and Twilio's code."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient

from refusals import refused

NOBODY = "VA" + "f" * 32


def test_wrong_token(emulator):
    client = emulator.client(auth_token="0" * 32)
    with pytest.raises(TwilioRestException) as raised:
        client.verify.v2.services(NOBODY).fetch()
    assert (raised.value.status, raised.value.code) == (401, 20003)
    assert raised.value.msg == "Unable to fetch record: Authenticate"


def test_not_found(client):
    with pytest.raises(TwilioRestException) as raised:
        client.verify.v2.services(NOBODY).fetch()
    assert (raised.value.status, raised.value.code) == (404, 20404)
    assert f"The requested resource /v2/Services/{NOBODY} was not found" in raised.value.msg


def test_too_many_requests(emulator):
    answers = []
    client = emulator.client(
        http_client=TwilioHttpClient(
            request_hooks={"response": lambda response, **_: answers.append(response)}
        )
    )
    fetch = client.verify.v2.verification_attempts_summary().fetch
    for _ in range(100):
        fetch()
    assert refused(fetch) == (429, 20429)
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].headers["Twilio-Request-Id"].startswith("RQ")


def test_rate_limit_name_twice(service):
    service.rate_limits.create(unique_name="ip")
    assert refused(service.rate_limits.create, unique_name="ip") == (400, 60208)
