"""Each class of error, as the SDK raises it: its exception, the status and Twilio's code."""

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient

from refusals import refused

TO = "+573003003030"
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
    # Twilio leaves out the version.
    assert f"The requested resource /Services/{NOBODY} was not found" in raised.value.msg


def test_parameters(client, service):
    start = service.verifications.create
    with pytest.raises(TwilioRestException) as raised:
        start(to="123", channel="sms")
    assert (raised.value.status, raised.value.code) == (400, 60200)
    assert "Invalid parameter" in raised.value.msg and "To" in raised.value.msg
    assert refused(start, to=TO, channel="pigeon") == (400, 60200)
    assert refused(start, to=TO, channel="rcs") == (400, 60200)
    assert refused(client.verify.v2.services.create, friendly_name="x" * 31) == (400, 60200)
    assert refused(client.verify.v2.services.create, friendly_name="Shop 12345") == (400, 60200)
    assert refused(
        client.verify.v2.services.create, friendly_name="Shop", code_length=11
    ) == (400, 60200)
    summary = client.verify.v2.verification_attempts_summary()
    assert refused(summary.fetch, date_created_after="yesterday") == (400, 20001)


def test_missing_parameter(service):
    with pytest.raises(TwilioRestException) as raised:
        service.verifications.create(to=None, channel="sms")
    assert (raised.value.status, raised.value.code) == (400, 20001)
    assert "Missing required parameter To in the post body" in raised.value.msg
    # To the SDK, all parameters of a check are optional.
    assert refused(service.verification_checks.create, code="123456") == (400, 60221)


def test_sixth_check(emulator, service):
    service.verifications.create(to=TO, channel="sms")
    code = emulator.code(TO)
    wrong = "000000" if code != "000000" else "111111"
    check = service.verification_checks.create
    for _ in range(5):
        assert check(to=TO, code=wrong).valid is False
    assert service.verifications(TO).fetch().status == "max_attempts_reached"
    assert refused(check, to=TO, code=code) == (429, 60202)


def test_sixth_send(emulator, service):
    start = service.verifications.create
    for _ in range(5):
        start(to=TO, channel="sms")
    assert refused(start, to=TO, channel="sms") == (429, 60203)
    service.verifications(TO).update(status="canceled")
    assert start(to=TO, channel="sms").status == "pending"
    emulator.advance(minutes=11)
    assert start(to=TO, channel="sms").status == "pending"


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
    assert answers[-1].headers["Twilio-Reached-Rate-Limit"]
    assert answers[-1].headers["Twilio-Request-Id"].startswith("RQ")


def test_rate_limit_name_twice(service):
    service.rate_limits.create(unique_name="ip")
    assert refused(service.rate_limits.create, unique_name="ip") == (400, 60208)


def test_challenge_of_a_factor_that_is_not_verified(service):
    service.entities.create(identity="user-0001-abcd")
    entity = service.entities("user-0001-abcd")
    factor = entity.new_factors.create(friendly_name="Phone", factor_type="totp")
    assert refused(
        entity.challenges.create, factor_sid=factor.sid, auth_payload="123456"
    ) == (403, 60318)


OUTCOMES = {
    "landline": (403, 60205),
    "blocked": (403, 60410),
    "geo_blocked": (403, 60605),
    "invalid_number": (400, 60200),
    "busy": (429, 60212),
    "channel_disabled": (400, 60223),
}


@pytest.mark.parametrize(("outcome", "error"), OUTCOMES.items())
def test_what_becomes_of_a_number(emulator, service, outcome, error):
    service.update(skip_sms_to_landlines=True, lookup_enabled=True)
    emulator.control("PUT", "outcomes", {"to": TO, "outcome": outcome})
    assert refused(service.verifications.create, to=TO, channel="sms") == error
    assert service.verifications.create(to="+573003003031", channel="sms").status == "pending"


def test_service_without_own_codes(service):
    start = service.verifications.create
    assert refused(start, to=TO, channel="sms", custom_code="4711") == (403, 60204)


def test_payments(client):
    created = client.verify.v2.services.create(friendly_name="Bank", psd2_enabled=True)
    start = client.verify.v2.services(created.sid).verifications.create
    payment = {"amount": "€39.99", "payee": "Acme"}
    assert refused(start, to=TO, channel="sms") == (400, 60206)
    assert refused(start, to=TO, channel="call", **payment) == (400, 60214)
    assert refused(start, to=TO, channel="sna", **payment) == (400, 60329)
    assert start(to=TO, channel="sms", **payment).amount == "€39.99"


def test_templates(client, service):
    start = service.verifications.create
    template = client.verify.v2.templates.list()[0]
    assert template.channels == ["sms", "voice"]
    assert refused(start, to=TO, channel="sms", template_sid="HJ" + "f" * 32) == (400, 60228)
    assert refused(start, to=TO, channel="whatsapp", template_sid=template.sid) == (400, 60408)
    assert start(to=TO, channel="call", template_sid=template.sid).channel == "call"


def test_too_many_rate_limits(service):
    create = service.rate_limits.create
    for n in range(10):
        create(unique_name=f"limit-{n}")
    assert refused(create, unique_name="one-more") == (400, 60207)


def test_faults(emulator, client):
    fetch = client.verify.v2.verification_attempts_summary().fetch
    fault = {"operation": "FetchVerificationAttemptsSummary"}

    emulator.control("POST", "faults", {**fault, "effect": 429, "on": "1"})
    assert refused(fetch) == (429, 20429)
    assert fetch().total_attempts == 0

    # A proxy's page has no code of Twilio's: the SDK gives the status for it.
    emulator.control("POST", "faults", {**fault, "effect": 503, "body": "html"})
    assert refused(fetch) == (503, 503)
    emulator.control("DELETE", "faults")

    for effect, error in (
        ("reset", requests.ConnectionError),
        ("close", requests.ConnectionError),
        ("truncate", requests.exceptions.ChunkedEncodingError),
    ):
        emulator.control("POST", "faults", {**fault, "effect": effect})
        with pytest.raises(error):
            fetch()
        emulator.control("DELETE", "faults")
    assert fetch().total_attempts == 0
