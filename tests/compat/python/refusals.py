import pytest
from twilio.base.exceptions import TwilioRestException


def refused(call, *arguments, **named):
    """The status and Twilio's code of the exception that the SDK raises."""
    with pytest.raises(TwilioRestException) as raised:
        call(*arguments, **named)
    return raised.value.status, raised.value.code
