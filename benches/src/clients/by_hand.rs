//! The same calls written by hand with reqwest and serde, as in a program that needs only these two
//! calls and trusts every response.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::header::ACCEPT;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::account::{ACCOUNT, TOKEN};
use crate::filters::Filters;

/// Returns an HTTP client with the settings of `twilio_verify::Client`'s own on loopback.
///
/// # Errors
///
/// Returns an error if the client can't be built.
pub fn http() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .tls_certs_only([])
        .user_agent(format!(
            "twilio-verify/{} ({} {})",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH
        ))
        .build()
}

/// A client with the two calls.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    /// Creates a client of the server at a URL.
    pub fn new(http: reqwest::Client, url: &str) -> Self {
        Self { http, url: url.to_owned() }
    }

    /// Requests a summary of attempts, with a timeout if one is given.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails.
    pub async fn summary(
        &self,
        filters: &Filters,
        timeout: Option<Duration>,
    ) -> reqwest::Result<AttemptsSummary> {
        let date = |date: DateTime<Utc>| date.to_rfc3339_opts(SecondsFormat::Secs, true);
        let request = self
            .http
            .get(format!("{}/v2/Attempts/Summary", self.url))
            .basic_auth(ACCOUNT, Some(TOKEN))
            .header(ACCEPT, "application/json")
            .query(&[
                ("VerifyServiceSid", filters.service.as_str()),
                ("DateCreatedAfter", &date(filters.after)),
                ("DateCreatedBefore", &date(filters.before)),
                ("Country", filters.country.code()),
                ("Channel", filters.channel.as_str()),
                ("DestinationPrefix", filters.prefix.as_str()),
            ]);
        let request = match timeout {
            Some(timeout) => request.timeout(timeout),
            None => request,
        };
        request.send().await?.error_for_status()?.json().await
    }

    /// Reads a list page by page, decoded as `P`. `each` takes a page and returns the URL of the
    /// next one.
    ///
    /// # Errors
    ///
    /// Returns an error if a request fails.
    pub async fn pages<P: DeserializeOwned>(
        &self,
        page_size: u16,
        mut each: impl FnMut(P) -> Option<String>,
    ) -> reqwest::Result<()> {
        let mut next = Some(format!("{}/v2/Attempts?PageSize={page_size}", self.url));
        while let Some(url) = next {
            let page = self
                .http
                .get(url)
                .basic_auth(ACCOUNT, Some(TOKEN))
                .header(ACCEPT, "application/json")
                .send()
                .await?
                .error_for_status()?
                .json()
                .await?;
            next = each(page);
        }
        Ok(())
    }
}

/// `verify.v2.verification_attempts_summary`.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "named as in the document")]
pub struct AttemptsSummary {
    pub total_attempts: u64,
    pub total_converted: u64,
    pub total_unconverted: u64,
    pub conversion_rate_percentage: Option<Decimal>,
    pub url: Option<String>,
}

/// A page of attempts, with channel data of type `D` and prices of type `P`.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "named as in the document")]
pub struct AttemptsPage<D, P> {
    pub attempts: Vec<Attempt<D, P>>,
    pub meta: Meta,
}

/// `meta` of a page.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "named as in the document")]
pub struct Meta {
    pub page: Option<u64>,
    pub page_size: Option<u64>,
    pub next_page_url: Option<String>,
    pub previous_page_url: Option<String>,
}

/// `verify.v2.verification_attempt`.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "named as in the document")]
pub struct Attempt<D, P> {
    pub sid: Option<String>,
    pub account_sid: Option<String>,
    pub service_sid: Option<String>,
    pub verification_sid: Option<String>,
    pub date_created: Option<DateTime<Utc>>,
    pub date_updated: Option<DateTime<Utc>>,
    pub conversion_status: Option<ConversionStatus>,
    pub channel: Option<Channel>,
    pub price: Option<P>,
    pub channel_data: Option<D>,
    pub url: Option<String>,
}

/// Defines enums without an unknown variant.
macro_rules! names {
    ($($doc:literal $name:ident { $($variant:ident,)* })*) => {$(
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "named as in the document")]
        pub enum $name {
            $($variant,)*
        }
    )*};
}

names! {
    "Whether the code came back." ConversionStatus { Converted, Unconverted, }
    "The channel of an attempt." Channel { Sms, Call, Email, Whatsapp, Rbm, }
    "What became of an attempt." AttemptStatus { Confirmed, Unconfirmed, Expired, }
    "What became of a message." MessageStatus {
        Queued, Sending, Sent, Failed, Delivered, Undelivered, Receiving, Received, Accepted,
        Scheduled, Read, PartiallyDelivered, Canceled,
    }
}

/// The outcome of a call.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "named as in the document")]
pub enum CallStatus {
    Queued,
    InProgress,
    Completed,
    Busy,
    Failed,
    NoAnswer,
    Ringing,
    Canceled,
}

/// Defines a price and a channel's data: once with only the documented fields, and once with all
/// other fields kept, as `twilio_verify` does.
macro_rules! parts {
    ($price:ident, $data:ident, $doc:literal $(, #[$extra_attribute:meta] $extra:ident)?) => {
        #[doc = concat!("A price, ", $doc)]
        #[derive(Clone, Debug, Deserialize)]
        #[expect(missing_docs, reason = "named as in the document")]
        pub struct $price {
            pub value: Option<Decimal>,
            pub currency: Option<String>,
            $(#[$extra_attribute] pub $extra: Map<String, Value>,)?
        }

        #[doc = concat!("What the channel knows of an attempt, ", $doc)]
        #[derive(Clone, Debug, Deserialize)]
        #[expect(missing_docs, reason = "named as in the document")]
        pub struct $data {
            pub verification_sid: Option<String>,
            pub to: Option<String>,
            pub status: Option<AttemptStatus>,
            pub message_status: Option<MessageStatus>,
            pub call_status: Option<CallStatus>,
            pub error_code: Option<String>,
            pub country: Option<String>,
            pub code_length: Option<i64>,
            pub locale: Option<String>,
            pub mcc: Option<String>,
            pub mnc: Option<String>,
            pub carrier: Option<String>,
            $(#[$extra_attribute] pub $extra: Map<String, Value>,)?
        }
    };
}

parts! { Price, ChannelData, "with only the documented fields." }
parts! { WholePrice, WholeChannelData, "with undocumented fields too.", #[serde(flatten)] extra }

/// A page whose items have only the documented fields.
pub type Plain = AttemptsPage<ChannelData, Price>;

/// A page whose items keep undocumented fields.
pub type Whole = AttemptsPage<WholeChannelData, WholePrice>;
