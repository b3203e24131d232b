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

