"""TOTP: real codes of RFC 6238, made from what the emulator handed out."""

from datetime import datetime, timedelta

import pyotp
import pytest

from refusals import refused

IDENTITY = "user-0001-abcd"


class Authenticator:
    """An app that scanned the QR code, and whose owner waits for the next code before each use."""

    def __init__(self, emulator, uri):
        self._emulator = emulator
        self._totp = pyotp.parse_uri(uri)
        self._now = datetime.now()

    def code(self):
        self._wait()
        return self._totp.at(self._now)

    def wrong_code(self):
        """One of the right form that no moment near now has."""
        step = self._totp.timecode(self._now)
        near = {self._totp.generate_otp(step + offset) for offset in range(-5, 6)}
        codes = (f"{n:0{self._totp.digits}}" for n in range(100))
        return next(code for code in codes if code not in near)

    def _wait(self):
        self._emulator.advance(seconds=self._totp.interval)
        self._now += timedelta(seconds=self._totp.interval)


@pytest.fixture
def entity(service):
    created = service.entities.create(identity=IDENTITY)
    assert created.sid.startswith("YE")
    return service.entities(IDENTITY)


def test_factor_and_challenge(emulator, entity):
    created = entity.new_factors.create(friendly_name="Ada's phone", factor_type="totp")
    assert created.status == "unverified"
    app = Authenticator(emulator, created.binding["uri"])

    factor = entity.factors(created.sid)
    # A wrong code is no error.
    assert factor.update(auth_payload=app.wrong_code()).status == "unverified"
    assert refused(factor.update, auth_payload="12") == (400, 60306)
    assert factor.fetch().status == "unverified"
    assert factor.update(auth_payload=app.code()).status == "verified"
    assert [f.sid for f in entity.factors.list()] == [created.sid]

    create = entity.challenges.create
    challenge = create(factor_sid=created.sid, auth_payload=app.code())
    assert challenge.status == "approved"
    assert entity.challenges(challenge.sid).fetch().status == "approved"

    pending = create(factor_sid=created.sid)
    assert pending.status == "pending"
    answer = entity.challenges(pending.sid).update
    assert answer(auth_payload=app.wrong_code()).status == "pending"
    assert answer(auth_payload=app.code()).status == "approved"
    assert refused(answer, auth_payload=app.code()) == (403, 60322)
    listed = entity.challenges.list(factor_sid=created.sid)
    assert {c.sid for c in listed} == {challenge.sid, pending.sid}

    assert factor.delete() is True
    assert refused(factor.fetch) == (404, 20404)
    assert entity.delete() is True
    assert refused(entity.fetch) == (404, 20404)


def test_five_wrong_codes(emulator, entity):
    created = entity.new_factors.create(friendly_name="Ada's phone", factor_type="totp")
    app = Authenticator(emulator, created.binding["uri"])
    factor = entity.factors(created.sid)
    for _ in range(5):
        assert factor.update(auth_payload=app.wrong_code()).status == "unverified"
    assert refused(factor.update, auth_payload=app.code()) == (429, 60310)

    created = entity.new_factors.create(friendly_name="Ada's tablet", factor_type="totp")
    app = Authenticator(emulator, created.binding["uri"])
    assert entity.factors(created.sid).update(auth_payload=app.code()).status == "verified"
    pending = entity.challenges.create(factor_sid=created.sid)
    answer = entity.challenges(pending.sid).update
    for _ in range(5):
        assert answer(auth_payload=app.wrong_code()).status == "pending"
    assert refused(answer, auth_payload=app.code()) == (429, 60308)


def test_entity_twice(service, entity):
    assert refused(service.entities.create, identity=IDENTITY) == (409, 60301)
    assert refused(service.entities.create, identity="ada@example.com") == (400, 60367)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
def test_options_of_the_factor(emulator, entity, algorithm):
    secret = pyotp.random_base32(32)
    created = entity.new_factors.create(
        friendly_name="Key",
        factor_type="totp",
        binding_secret=secret,
        config_alg=algorithm,
        config_code_length=8,
        config_time_step=60,
        config_skew=2,
    )
    config = {"alg": algorithm, "code_length": 8, "time_step": 60, "skew": 2}
    assert created.config == config
    assert created.binding["secret"] == secret
    totp = pyotp.parse_uri(created.binding["uri"])
    assert (totp.secret, totp.digits, totp.interval) == (secret, 8, 60)
    code = Authenticator(emulator, created.binding["uri"]).code()
    assert len(code) == 8
    assert entity.factors(created.sid).update(auth_payload=code).status == "verified"
