"""Passkeys: the operations whose bodies are JSON. Python takes the part of the server; there is no browser."""

import base64

import pytest
from twilio.rest.verify.v2.service.new_challenge import NewChallengeList
from twilio.rest.verify.v2.service.new_factor import NewFactorList

from refusals import refused

IDENTITY = "user-0001-abcd"


@pytest.fixture
def passkey(service):
    request = NewFactorList.CreateNewPasskeysFactorRequest(
        {
            "friendly_name": "Ada's laptop",
            "identity": IDENTITY,
            "config": {"relying_party": {"id": "example.com", "name": "Shop"}},
        }
    )
    return service.new_factors.create(request)


def test_what_a_browser_creates_a_passkey_with(service, passkey):
    assert (passkey.status, passkey.factor_type) == ("unverified", "passkeys")
    assert passkey.identity == IDENTITY
    options = passkey.options["publicKey"]
    assert options["rp"] == {"id": "example.com", "name": "Shop"}
    challenge = options["challenge"]
    assert len(base64.urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))) >= 16
    assert service.entities(IDENTITY).factors(passkey.sid).fetch().status == "unverified"


def test_no_challenge_before_the_passkey_is_verified(service, passkey):
    request = NewChallengeList.CreatePasskeysChallengeRequest(
        {"identity": IDENTITY, "factor_sid": passkey.sid}
    )
    assert refused(service.new_challenge().create, request) == (403, 60318)
