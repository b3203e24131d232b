//! An attempt as the API writes it in JSON.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::attempts::data::attempt::{Attempt, ErrorCode, Price};
use crate::values::channel::Channel;
use crate::values::conversion_status::ConversionStatus;
use crate::values::country::Country;
use crate::values::sid::{AttemptSid, ServiceSid, VerificationSid};

/// An attempt as a response shows it, with the account and the absolute URL.
#[derive(Serialize)]
pub(crate) struct AttemptBody<'a> {
    sid: AttemptSid,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_sid: Option<&'a str>,
    service_sid: ServiceSid,
    verification_sid: VerificationSid,
    date_created: String,
    date_updated: String,
    conversion_status: ConversionStatus,
    channel: Channel,
    price: Option<&'a Price>,
    channel_data: ChannelDataBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct ChannelDataBody<'a> {
    verification_sid: VerificationSid,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_status: Option<&'a str>,
    error_code: Option<&'a ErrorCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<Country>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_length: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mcc: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mnc: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier: Option<&'a str>,
    #[serde(flatten)]
    extra: Extra<'a>,
}

/// The known fields of `channel_data`.
const CHANNEL_DATA_FIELDS: [&str; 12] = [
    "verification_sid",
    "to",
    "status",
    "message_status",
    "call_status",
    "error_code",
    "country",
    "code_length",
    "locale",
    "mcc",
    "mnc",
    "carrier",
];

struct Extra<'a>(&'a Map<String, Value>);

impl Serialize for Extra<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0.iter().filter(|(name, _)| !CHANNEL_DATA_FIELDS.contains(&name.as_str())),
        )
    }
}

impl Attempt {
    pub(crate) fn body<'a>(
        &'a self,
        account_sid: Option<&'a str>,
        url: Option<&'a str>,
    ) -> AttemptBody<'a> {
        let data = &self.channel_data;
        AttemptBody {
            sid: self.sid,
            account_sid,
            service_sid: self.service_sid,
            verification_sid: self.verification_sid,
            date_created: date_text(self.date_created),
            date_updated: date_text(self.date_updated),
            conversion_status: self.conversion_status,
            channel: self.channel,
            price: self.price.as_ref(),
            channel_data: ChannelDataBody {
                verification_sid: self.verification_sid,
                to: data.to.as_deref(),
                status: data.status.as_deref(),
                message_status: data.message_status.as_deref(),
                call_status: data.call_status.as_deref(),
                error_code: data.error_code.as_ref(),
                country: data.country,
                code_length: data.code_length,
                locale: data.locale.as_deref(),
                mcc: data.mcc.as_deref(),
                mnc: data.mnc.as_deref(),
                carrier: data.carrier.as_deref(),
                extra: Extra(&data.extra),
            },
            url,
        }
    }
}

impl Serialize for Attempt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.body(None, None).serialize(serializer)
    }
}

/// Formats a date as Twilio does: `yyyy-MM-dd'T'HH:mm:ss'Z'`.
fn date_text(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Secs, true)
}
