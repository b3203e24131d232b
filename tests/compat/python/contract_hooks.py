"""What schemathesis knows beyond the document: the format of errors, and which resources exist."""

import os
import random
from datetime import datetime

import pyotp
import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.core.parameters import ParameterLocation

URL = os.environ["EMULATOR_URL"]
CREDENTIALS = (os.environ["EMULATOR_ACCOUNT_SID"], os.environ["EMULATOR_AUTH_TOKEN"])

# The document declares almost no error; this is the body that every one has.
REFUSED = {
    "description": "Refused",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "code": {"type": "integer", "minimum": 20001},
                    "message": {"type": "string", "minLength": 1},
                    "more_info": {
                        "type": "string",
                        "pattern": "^https://www\\.twilio\\.com/docs/errors/[0-9]{5}$",
                    },
                    "status": {"type": "integer", "minimum": 400, "maximum": 499},
                },
                "required": ["code", "message", "more_info", "status"],
                "additionalProperties": False,
            }
        }
    },
}


schemathesis.openapi.format("iso-country-code", st.sampled_from(["BR", "CO", "DE", "US"]))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for path in raw_schema["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"]["4XX"] = REFUSED


def ask(method, path, json=None, **form):
    response = requests.request(
        method, f"{URL}{path}", data=form or None, json=json, auth=CREDENTIALS, timeout=10
    )
    assert response.status_code < 300, f"{method} {path}: {response.status_code} {response.text}"
    return response.json()


def advance(seconds=2):
    """Moves the emulator's clock, so that limits of requests a minute are seldom reached."""
    ask("POST", "/_emulator/clock", json={"advance_seconds": seconds})


def clock():
    return datetime.fromisoformat(ask("GET", "/_emulator/clock")["now"]).timestamp()


class Resources:
    """One of each kind, so that what is generated reaches beyond "no such service"."""

    built = 0

    def __init__(self):
        Resources.built += 1
        # No request of the last minute counts any more.
        advance(60)
        number, identity = f"+57305{Resources.built:07}", f"user-{Resources.built:08}"
        service = ask("POST", "/v2/Services", FriendlyName="Shop")["sid"]
        root = f"/v2/Services/{service}"

        ask("POST", f"{root}/Entities", Identity=identity)
        entity = f"{root}/Entities/{identity}"
        factor = ask("POST", f"{entity}/Factors", FriendlyName="Phone", FactorType="totp")
        totp, step = pyotp.TOTP(factor["binding"]["secret"]), clock()
        ask("POST", f"{entity}/Factors/{factor['sid']}", AuthPayload=totp.at(step))
        challenge = ask("POST", f"{entity}/Challenges", FactorSid=factor["sid"])

        limit = ask("POST", f"{root}/RateLimits", UniqueName="ip")
        buckets = f"{root}/RateLimits/{limit['sid']}/Buckets"
        bucket = ask("POST", buckets, Max=1000, Interval=60)
        hook = {"FriendlyName": "Hook", "EventTypes": "*", "WebhookUrl": "https://example.com/"}
        webhook = ask("POST", f"{root}/Webhooks", **hook)
        token = ask("POST", f"{root}/AccessTokens", Identity=identity, FactorType="push")
        messaging = {"Country": "BR", "MessagingServiceSid": "MG" + "a" * 32}
        ask("POST", f"{root}/MessagingConfigurations", **messaging)
        ask("POST", "/v2/SafeList/Numbers", PhoneNumber=number)
        verification = ask("POST", f"{root}/Verifications", To=number, Channel="sms")
        attempts = ask("GET", f"/v2/Attempts?VerificationSid={verification['sid']}")["attempts"]

        # By the collection that a path names before the parameter.
        self.by_collection = {
            "Services": service,
            "Entities": identity,
            "Factors": factor["sid"],
            "Challenges": challenge["sid"],
            "RateLimits": limit["sid"],
            "Buckets": bucket["sid"],
            "Webhooks": webhook["sid"],
            "AccessTokens": token["sid"],
            "MessagingConfigurations": "BR",
            "Numbers": number,
            "Verifications": verification["sid"],
            "Attempts": attempts[0]["sid"],
        }
        self.by_field = {
            # A code counts once: the next one is accepted already.
            "AuthPayload": totp.at(step + 30),
            "FactorSid": factor["sid"],
            "FriendlyName": "Shop",
            "Identity": identity,
            "To": number,
            "UniqueName": f"limit-{Resources.built}",
            "VerificationSid": verification["sid"],
        }


dice = random.Random(1)
resources = None
reached = set()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Three times in four, names what there is, where what was generated is no fault on purpose."""
    global resources
    if any(limited in case.operation.path for limited in ("SafeList", "Attempts")):
        advance()
    if dice.random() < 0.25:
        return
    resources = resources or Resources()
    if is_sound(case, ParameterLocation.PATH):
        segments = case.operation.path.split("/")
        for collection, parameter in zip(segments, segments[1:]):
            if parameter.startswith("{") and collection in resources.by_collection:
                case.path_parameters[parameter[1:-1]] = resources.by_collection[collection]
    if is_sound(case, ParameterLocation.BODY) and isinstance(case.body, dict):
        case.body.update(
            {name: value for name, value in resources.by_field.items() if name in case.body}
        )


def is_sound(case, location):
    component = case.meta.components.get(location)
    return component is None or component.mode.is_positive


@schemathesis.hook
def after_call(context, case, response):
    """Notes which operations ever succeed. What is gone is made anew."""
    global resources
    operation = case.operation.definition.raw["operationId"]
    if response.status_code < 300 and operation not in reached:
        reached.add(operation)
        with open(os.environ["REACHED"], "a") as file:
            print(operation, file=file)
    if response.status_code == 404 or case.method == "DELETE":
        resources = None
