"""Lists through the ways in which the SDK pages, and single attempts."""

import asyncio

import pytest
from twilio.http.async_http_client import AsyncTwilioHttpClient

from emulator import Emulator

ATTEMPTS = 250


@pytest.fixture(scope="module")
def emulator():
    with Emulator("--sample", str(ATTEMPTS)) as emulator:
        yield emulator


@pytest.fixture
def attempts(emulator):
    return emulator.client().verify.v2.verification_attempts


def test_list_follows_every_page(attempts):
    listed = attempts.list(page_size=100)
    assert len({attempt.sid for attempt in listed}) == len(listed) == ATTEMPTS
    created = [attempt.date_created for attempt in listed]
    assert created == sorted(created, reverse=True)
    assert [a.sid for a in attempts.stream(page_size=60)] == [a.sid for a in listed]
    assert [a.sid for a in attempts.list(limit=120)] == [a.sid for a in listed[:120]]


def test_pages_lead_on_and_back(attempts):
    pages = [attempts.page(page_size=100)]
    while following := pages[-1].next_page():
        pages.append(following)
    sids = [[attempt.sid for attempt in page] for page in pages]
    assert [len(page) for page in sids] == [100, 100, 50]
    back = pages[-1].previous_page()
    assert [attempt.sid for attempt in back] == sids[1]
    again = attempts.get_page(pages[1].next_page_url)
    assert [attempt.sid for attempt in again] == sids[2]
    assert pages[0].previous_page_url is None
    assert pages[-1].next_page_url is None


def test_async(emulator, attempts):
    async def sids():
        async with AsyncTwilioHttpClient() as http_client:
            client = emulator.client(http_client=http_client)
            listed = await client.verify.v2.verification_attempts.list_async(page_size=100)
            return [attempt.sid for attempt in listed]

    assert asyncio.run(sids()) == [attempt.sid for attempt in attempts.list()]


def test_filters(attempts):
    everything = attempts.list()
    converted = attempts.list(status="converted")
    assert converted
    assert [a.sid for a in converted] == [
        a.sid for a in everything if a.conversion_status == "converted"
    ]
    since = everything[60].date_created
    recent = attempts.list(date_created_after=since)
    assert [a.sid for a in recent] == [a.sid for a in everything if a.date_created >= since]

    number = everything[0].channel_data["to"]
    theirs = attempts.list(channel_data_to=number)
    assert theirs and {a.channel_data["to"] for a in theirs} == {number}

    service = everything[0].service_sid
    assert {a.service_sid for a in attempts.list(verify_service_sid=service)} == {service}
    calls = attempts.list(channel="call")
    assert calls and {a.channel for a in calls} == {"call"}
    country = everything[0].channel_data["country"]
    there = attempts.list(country=country)
    assert there and {a.channel_data["country"] for a in there} == {country}


def test_fetch(attempts):
    listed = attempts.list(limit=1)[0]
    fetched = listed.fetch()
    assert fetched.sid == listed.sid
    assert fetched.date_created == listed.date_created
    assert fetched.channel_data == listed.channel_data
    assert fetched.url.endswith(f"/v2/Attempts/{listed.sid}")
