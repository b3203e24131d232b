"""Services, and what hangs below them."""

from refusals import refused


def test_life_of_a_service(client):
    services = client.verify.v2.services
    created = services.create(
        friendly_name="Shop", code_length=8, lookup_enabled=True, totp_issuer="Shop Inc"
    )
    assert created.sid.startswith("VA")
    assert created.code_length == 8
    assert created.lookup_enabled is True
    assert created.totp["issuer"] == "Shop Inc"
    assert created.links["verifications"].endswith(f"/v2/Services/{created.sid}/Verifications")
    assert created.date_created.tzinfo is not None

    updated = services(created.sid).update(friendly_name="Store")
    assert (updated.friendly_name, updated.code_length) == ("Store", 8)
    assert services(created.sid).fetch().friendly_name == "Store"

    others = [services.create(friendly_name=f"Other {n}").sid for n in range(5)]
    listed = [service.sid for service in services.list(page_size=2)]
    assert sorted(listed) == sorted([created.sid, *others])

    assert services(created.sid).delete() is True
    assert refused(services(created.sid).fetch) == (404, 20404)
    assert created.sid not in [service.sid for service in services.list()]


def test_rate_limit_is_enforced(client, service):
    limit = service.rate_limits.create(unique_name="ip", description="By address")
    bucket = service.rate_limits(limit.sid).buckets.create(max=1, interval=60)
    assert (bucket.max, bucket.interval) == (1, 60)
    start = service.verifications.create
    start(to="+14155550100", channel="sms", rate_limits={"ip": "127.0.0.1"})
    start(to="+14155550101", channel="sms", rate_limits={"ip": "127.0.0.2"})
    status, _ = refused(start, to="+14155550102", channel="sms", rate_limits={"ip": "127.0.0.1"})
    assert status == 429
    assert [l.unique_name for l in service.rate_limits.list()] == ["ip"]
    buckets = service.rate_limits(limit.sid).buckets
    assert refused(buckets.create, max=5, interval=60) == (400, 60211)
    assert refused(service.rate_limits.create, unique_name="by address") == (400, 60209)


def test_webhooks(service):
    created = service.webhooks.create(
        friendly_name="Hook", event_types=["*"], webhook_url="https://example.com/hook"
    )
    assert created.event_types == ["*"]
    updated = service.webhooks(created.sid).update(
        event_types=["factor.created", "factor.verified"]
    )
    assert updated.event_types == ["factor.created", "factor.verified"]
    assert [webhook.sid for webhook in service.webhooks.list()] == [created.sid]
    assert service.webhooks(created.sid).delete() is True


def test_messaging_configurations(service):
    service.messaging_configurations.create(country="CO", messaging_service_sid="MG" + "a" * 32)
    fetched = service.messaging_configurations("CO").fetch()
    assert (fetched.country, fetched.messaging_service_sid) == ("CO", "MG" + "a" * 32)
    assert len(service.messaging_configurations.list()) == 1
    assert refused(
        service.messaging_configurations.create,
        country="CO",
        messaging_service_sid="MG" + "b" * 32,
    ) == (400, 60213)
    assert service.messaging_configurations("CO").delete() is True


def test_safe_list_templates_and_forms(client):
    number = "+573003003030"
    safelist = client.verify.v2.safelist
    assert safelist.create(phone_number=number).phone_number == number
    assert refused(safelist.create, phone_number=number) == (400, 60411)
    assert safelist(number).fetch().phone_number == number
    assert safelist(number).delete() is True
    assert refused(safelist(number).fetch) == (404, 20404)
    assert all(template.sid.startswith("HJ") for template in client.verify.v2.templates.list())
    assert client.verify.v2.forms("form-push").fetch().form_type == "form-push"


def test_access_token(service):
    created = service.access_tokens.create(
        identity="user-0001-abcd", factor_type="push", ttl=60
    )
    # A JSON Web Encryption: no client can read it.
    assert created.token.count(".") == 4
    assert created.ttl == 60
    assert service.access_tokens.create(identity="user-0001-abcd", factor_type="push").ttl == 60
    create = service.access_tokens.create
    assert refused(create, identity="user-0001-abcd", factor_type="push", ttl=301) == (400, 60305)
    assert refused(create, identity="ada", factor_type="push") == (400, 60305)
