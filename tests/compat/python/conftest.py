import pytest

from emulator import Emulator


@pytest.fixture
def emulator():
    with Emulator("--sample", "0") as emulator:
        yield emulator


@pytest.fixture
def client(emulator):
    return emulator.client()


@pytest.fixture
def service(client):
    created = client.verify.v2.services.create(friendly_name="Shop")
    return client.verify.v2.services(created.sid)
