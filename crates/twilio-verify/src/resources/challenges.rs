//! Challenges: questions to an entity, answered with one of its factors.

use chrono::{DateTime, TimeZone, Utc};
use serde_json::json;
use twilio_verify_api::types::{
    Challenge, ChallengeSid, ChallengeStatus, CreateChallengeRequest, FactorSid, ListOrder,
    UpdateChallengeRequest,
};
use twilio_verify_api::{JsonText, Page, Request};

use crate::contexts::EntityContext;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, list, request, setters};
use crate::request::paging::Range;

/// Challenges of an entity: create, list, fetch, answer.
///
/// From [`EntityContext::challenges`]. What is within a challenge is reached by
/// [`EntityContext::challenge`].
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use twilio_verify::ChallengeStatus;
///
/// let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?);
/// let challenges = service.entity("customer-4f1d27a0").challenges();
/// // A code is checked at once.
/// let totp = "YFbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb".parse()?;
/// let challenge = challenges.create(totp).auth_payload("123456").send().await?;
/// assert_eq!(challenge.status, Some(ChallengeStatus::Approved));
/// // A device asks the person.
/// let device = "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?;
/// let challenge = challenges
///     .create(device)
///     .message("Did you sign in from a new device?")
///     .field("Place", "Bogotá")
///     .field("Device", "Firefox on Linux")
///     .send()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Challenges {
    entity: EntityContext,
}

impl EntityContext {
    /// Challenges: create, list, fetch, answer.
    pub fn challenges(&self) -> Challenges {
        Challenges {
            entity: self.clone(),
        }
    }
}

impl Challenges {
    /// Challenges the entity by one of its factors, which must be verified. A
    /// device receives a push; a time-based code is checked at once.
    pub fn create(&self, factor: FactorSid) -> CreateChallenge {
        CreateChallenge {
            entity: self.entity.clone(),
            expiration_date: None,
            body: CreateChallengeRequest::new(factor),
        }
    }

    /// Lists the entity's challenges.
    pub fn list(&self) -> ListChallenges {
        ListChallenges {
            entity: self.entity.clone(),
            factor: None,
            status: None,
            order: None,
            range: Range::default(),
        }
    }

    /// Fetches one challenge, to see whether it was answered.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if there is no such challenge. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(&self, sid: ChallengeSid) -> Result<Challenge, Error> {
        check::sid("sid", &sid)?;
        let (service, identity) = self.entity.path()?;
        call!(
            self.entity.service.client,
            fetch_challenge(service, identity, &sid)
        )
    }

    /// Answers a pending challenge: by the code of a time-based factor, or by
    /// the token that a device signed.
    pub fn answer(&self, sid: ChallengeSid, auth_payload: impl Into<String>) -> AnswerChallenge {
        let mut body = UpdateChallengeRequest::new();
        let auth_payload: String = auth_payload.into();
        body.auth_payload = Some(auth_payload.into());
        AnswerChallenge {
            entity: self.entity.clone(),
            sid,
            body,
        }
    }
}

/// A challenge, to be created. From [`Challenges::create`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreateChallenge {
    entity: EntityContext,
    expiration_date: Option<DateTime<Utc>>,
    body: CreateChallengeRequest,
}

impl CreateChallenge {
    setters! {
        /// The question that the person reads. A push needs one.
        text message => details_message;
        /// What the application is told and the person isn't shown: a JSON
        /// object.
        json hidden_details;
        /// The code that the person gave, of a time-based factor: it is checked
        /// at once.
        text auth_payload;
    }

    /// When the challenge expires, at most 60 minutes from now; it is sent in
    /// GMT, cut off to the second. Default: 5 minutes from now.
    pub fn expiration_date<Tz: TimeZone>(mut self, date: DateTime<Tz>) -> Self {
        self.expiration_date = Some(date.with_timezone(&Utc));
        self
    }

    /// One more labelled value that the person reads beneath the question, up
    /// to 20.
    pub fn field(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        let (label, value): (String, String) = (label.into(), value.into());
        let field = json!({ "label": label, "value": value });
        self.body.details_fields.push(JsonText::new(field));
        self
    }

    /// Creates the challenge. With a code, the answer's `status` tells whether
    /// it was `approved`.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the identity or another value is malformed, or if
    /// there are more than 20 fields. Of kind
    /// [`Refused`](crate::ErrorKind::Refused) with code 60318 if the factor
    /// isn't verified. See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(mut self) -> Result<Challenge, Error> {
        check::sid("factor", &self.body.factor_sid)?;
        if let Some(auth_payload) = &self.body.auth_payload {
            check::value("auth_payload", auth_payload.expose())?;
        }
        if let Some(date) = self.expiration_date {
            self.body.expiration_date = Some(check::date("expiration_date", date)?);
        }
        check::body_by(&self.body, |field| match field {
            "details_fields" => "field",
            other => other,
        })?;
        let (service, identity) = self.entity.path()?;
        call!(
            self.entity.service.client,
            create_challenge(service, identity, &self.body)
        )
    }
}

/// A challenge, to be answered. From [`Challenges::answer`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct AnswerChallenge {
    entity: EntityContext,
    sid: ChallengeSid,
    body: UpdateChallengeRequest,
}

impl AnswerChallenge {
    setters! {
        /// What to store with the answer: a JSON object.
        json metadata;
    }

    /// Answers the challenge.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the identity, the SID or the answer is malformed.
    /// [`is_not_found`](Error::is_not_found) if there is no such challenge. Of
    /// kind [`Refused`](crate::ErrorKind::Refused) with code 60324 if the
    /// challenge failed. See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<Challenge, Error> {
        check::sid("sid", &self.sid)?;
        if let Some(auth_payload) = &self.body.auth_payload {
            check::value("auth_payload", auth_payload.expose())?;
        }
        check::body(&self.body)?;
        let (service, identity) = self.entity.path()?;
        call!(
            self.entity.service.client,
            update_challenge(service, identity, &self.sid, &self.body)
        )
    }
}

/// A list of challenges, to be read. From [`Challenges::list`].
///
/// All filters are optional, and all that are given must hold.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `pages` or `items` are read"]
pub struct ListChallenges {
    entity: EntityContext,
    factor: Option<FactorSid>,
    status: Option<ChallengeStatus>,
    order: Option<ListOrder>,
    range: Range,
}

impl ListChallenges {
    /// Only challenges to be answered with this factor.
    pub fn factor(mut self, factor: FactorSid) -> Self {
        self.factor = Some(factor);
        self
    }

    /// Only challenges that stand so.
    pub fn status(mut self, status: ChallengeStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// The order by creation. Default: oldest first.
    pub fn order(mut self, order: ListOrder) -> Self {
        self.order = Some(order);
        self
    }

    list!(Challenge, entity.service);

    fn first(&self) -> Result<Request<Page<Challenge>>, Error> {
        if let Some(factor) = &self.factor {
            check::sid("factor", factor)?;
        }
        if let Some(status) = &self.status {
            check::value("status", status.as_str())?;
        }
        if let Some(order) = &self.order {
            check::value("order", order.as_str())?;
        }
        let page_size = self.range.page_size()?;
        let (service, identity) = self.entity.path()?;
        request!(
            self.entity.service.client,
            list_challenge(
                service,
                identity,
                self.factor.as_ref(),
                self.order.as_ref(),
                None,
                page_size,
                None,
                self.status.as_ref(),
            )
        )
    }
}
