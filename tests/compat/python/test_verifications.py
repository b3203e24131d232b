"""From the code that is sent to the code that is given back."""

from refusals import refused

TO = "+573003003030"


def test_start_check_approve(emulator, client, service):
    verification = service.verifications.create(to=TO, channel="sms")
    assert verification.status == "pending"
    assert verification.valid is False
    assert verification.channel == "sms"
    assert verification.to == TO
    assert len(verification.send_code_attempts) == 1
    assert service.verifications(verification.sid).fetch().sid == verification.sid
    assert service.verifications(TO).fetch().sid == verification.sid

    code = emulator.code(TO)
    assert len(code) == 6 and code.isdigit()
    wrong = service.verification_checks.create(to=TO, code="0" * 6 if code != "0" * 6 else "1" * 6)
    assert (wrong.status, wrong.valid) == ("pending", False)
    right = service.verification_checks.create(verification_sid=verification.sid, code=code)
    assert (right.status, right.valid, right.sid) == ("approved", True, verification.sid)

    assert refused(service.verifications(verification.sid).fetch) == (404, 20404)
    assert refused(service.verification_checks.create, to=TO, code=code) == (404, 20404)

    (attempt,) = client.verify.v2.verification_attempts.list()
    assert attempt.verification_sid == verification.sid
    assert attempt.conversion_status == "converted"
    assert attempt.channel_data["to"] == TO


def test_again_is_the_same_verification_with_one_more_attempt(emulator, client, service):
    first = service.verifications.create(to=TO, channel="sms")
    code = emulator.code(TO)
    again = service.verifications.create(to=TO, channel="call")
    assert again.sid == first.sid
    assert [sent["channel"] for sent in again.send_code_attempts] == ["sms", "call"]
    assert emulator.code(TO) == code
    assert len(client.verify.v2.verification_attempts.list()) == 2


def test_cancel_and_approve_by_hand(emulator, service):
    for status in ("canceled", "approved"):
        started = service.verifications.create(to=TO, channel="sms")
        code = emulator.code(TO)
        ended = service.verifications(started.sid).update(status=status)
        assert ended.status == status
        fetch = service.verifications(started.sid).fetch
        if status == "canceled":
            assert fetch().status == "canceled"
        else:
            assert refused(fetch) == (404, 20404)
        assert refused(service.verification_checks.create, to=TO, code=code) == (404, 20404)


def test_expiry(emulator, service):
    service.verifications.create(to=TO, channel="sms")
    code = emulator.code(TO)
    emulator.advance(minutes=9)
    assert service.verifications(TO).fetch().status == "pending"
    emulator.advance(minutes=2)
    assert refused(service.verification_checks.create, to=TO, code=code) == (404, 20404)


def test_own_code(emulator, client):
    created = client.verify.v2.services.create(friendly_name="Own", custom_code_enabled=True)
    service = client.verify.v2.services(created.sid)
    service.verifications.create(to=TO, channel="sms", custom_code="4711")
    assert emulator.code(TO) == "4711"
    assert service.verification_checks.create(to=TO, code="4711").status == "approved"


def test_email(emulator, service):
    to = "ada@example.com"
    service.verifications.create(to=to, channel="email", tags='{"plan": "gold"}', locale="es")
    assert service.verification_checks.create(to=to, code=emulator.code(to)).valid is True
