"""The three published examples of the summary, and its other filters, over what the emulator was really asked for."""

from datetime import datetime, timedelta, timezone

import pytest


def run(emulator, service, numbers, converted, channel="sms"):
    """Sends a code to each number, and gives the first `converted` of them back."""
    for index, to in enumerate(numbers):
        service.verifications.create(to=to, channel=channel)
        if index < converted:
            check = service.verification_checks.create(to=to, code=emulator.code(to))
            assert check.status == "approved"


def counts(summary):
    return (
        summary.total_attempts,
        summary.total_converted,
        summary.total_unconverted,
        summary.conversion_rate_percentage,
    )


@pytest.fixture
def shops(emulator, client):
    services = client.verify.v2.services
    colombia, us = (
        services(services.create(friendly_name=name).sid) for name in ("CO", "US")
    )
    run(emulator, colombia, [f"+573050000{n:03}" for n in range(11)], converted=9)
    run(emulator, us, [f"+1415555{n:04}" for n in range(100, 104)], 1, channel="call")
    return colombia, us


def test_filters(emulator, client, shops):
    colombia, us = shops
    fetch = client.verify.v2.verification_attempts_summary().fetch

    summary = fetch()
    assert counts(summary) == (15, 10, 5, "66.666666667")
    assert summary.url == f"{emulator.url}/v2/Attempts/Summary"

    published = (11, 9, 2, "81.818181818")
    assert counts(fetch(verify_service_sid=colombia._solution["sid"])) == published
    assert counts(fetch(country="CO")) == published
    assert counts(fetch(channel="sms")) == published
    assert counts(fetch(destination_prefix="+57305")) == published
    assert counts(fetch(verify_service_sid=us._solution["sid"])) == (4, 1, 3, "25.000000000")

    hour = timedelta(hours=1)
    now = datetime.now(timezone.utc)
    everything = fetch(date_created_after=now - hour, date_created_before=now + hour)
    assert counts(everything) == counts(summary)
    nothing = (0, 0, 0, None)
    assert counts(fetch(date_created_after=now + hour)) == nothing
    assert counts(fetch(date_created_before=now - hour)) == nothing
    assert counts(fetch(country="CO", channel="call")) == nothing
