//! Buckets: how many verifications a rate limit lets through, and how fast.

use std::time::Duration;

use twilio_verify_api::types::{Bucket, BucketSid, CreateBucketRequest, UpdateBucketRequest};
use twilio_verify_api::{Page, Request};

use crate::contexts::RateLimitContext;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, list, request, setters};
use crate::request::paging::Range;

/// Buckets of a rate limit: create, list, fetch, update, delete.
///
/// From [`RateLimitContext::buckets`]. A rate limit may have several, such as
/// one for a minute and one for a day; a verification needs room in all of
/// them.
///
/// ```no_run
/// # async fn example(limit: twilio_verify::RateLimitContext) -> Result<(), twilio_verify::Error> {
/// use std::time::Duration;
///
/// limit.buckets().create(5, Duration::from_secs(600)).send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Buckets {
    rate_limit: RateLimitContext,
}

impl RateLimitContext {
    /// Buckets: create, list, fetch, update, delete.
    pub fn buckets(&self) -> Buckets {
        Buckets {
            rate_limit: self.clone(),
        }
    }
}

impl Buckets {
    /// Adds a bucket: at most `max` verifications within the interval, for
    /// each value of the rate limit's key. The interval is sent in whole
    /// seconds, and has at least one.
    pub fn create(&self, max: u32, interval: Duration) -> CreateBucket {
        CreateBucket {
            rate_limit: self.rate_limit.clone(),
            max,
            interval,
        }
    }

    /// Lists the rate limit's buckets.
    pub fn list(&self) -> ListBuckets {
        ListBuckets {
            rate_limit: self.rate_limit.clone(),
            range: Range::default(),
        }
    }

    /// Fetches one bucket.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if there is no such bucket. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(&self, sid: BucketSid) -> Result<Bucket, Error> {
        let (service, rate_limit) = self.rate_limit.path()?;
        check::sid("sid", &sid)?;
        call!(
            self.rate_limit.service.client,
            fetch_bucket(service, rate_limit, &sid)
        )
    }

    /// Changes a bucket. What isn't set stays as it is.
    pub fn update(&self, sid: BucketSid) -> UpdateBucket {
        UpdateBucket {
            rate_limit: self.rate_limit.clone(),
            sid,
            interval: None,
            body: UpdateBucketRequest::new(),
        }
    }

    /// Deletes a bucket: the rate limit no longer holds for its interval.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn delete(&self, sid: BucketSid) -> Result<(), Error> {
        let (service, rate_limit) = self.rate_limit.path()?;
        check::sid("sid", &sid)?;
        call!(
            self.rate_limit.service.client,
            delete_bucket(service, rate_limit, &sid)
        )
    }
}

/// A bucket, to be created. From [`Buckets::create`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreateBucket {
    rate_limit: RateLimitContext,
    max: u32,
    interval: Duration,
}

impl CreateBucket {
    /// Creates the bucket.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the interval is not of whole seconds, or has none.
    /// [`is_not_found`](Error::is_not_found) if there is no such rate limit.
    /// See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(self) -> Result<Bucket, Error> {
        let (service, rate_limit) = self.rate_limit.path()?;
        let interval = check::seconds("interval", self.interval)?;
        let body = CreateBucketRequest::new(interval, self.max.into());
        check::body(&body)?;
        call!(
            self.rate_limit.service.client,
            create_bucket(service, rate_limit, &body)
        )
    }
}

/// A bucket, to be changed. From [`Buckets::update`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct UpdateBucket {
    rate_limit: RateLimitContext,
    sid: BucketSid,
    interval: Option<Duration>,
    body: UpdateBucketRequest,
}

impl UpdateBucket {
    setters! {
        /// How many verifications are let through within the interval.
        value max: u32;
    }

    /// How long the interval is, in whole seconds, at least one.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = Some(interval);
        self
    }

    /// Changes the bucket.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the interval is not of whole seconds, or has none.
    /// [`is_not_found`](Error::is_not_found) if there is no such bucket. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(mut self) -> Result<Bucket, Error> {
        let (service, rate_limit) = self.rate_limit.path()?;
        check::sid("sid", &self.sid)?;
        if let Some(interval) = self.interval {
            self.body.interval = Some(check::seconds("interval", interval)?);
        }
        check::body(&self.body)?;
        call!(
            self.rate_limit.service.client,
            update_bucket(service, rate_limit, &self.sid, &self.body)
        )
    }
}

/// A list of buckets, to be read. From [`Buckets::list`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `pages` or `items` are read"]
pub struct ListBuckets {
    rate_limit: RateLimitContext,
    range: Range,
}

impl ListBuckets {
    list!(Bucket, rate_limit.service);

    fn first(&self) -> Result<Request<Page<Bucket>>, Error> {
        let (service, rate_limit) = self.rate_limit.path()?;
        let page_size = self.range.page_size()?;
        request!(
            self.rate_limit.service.client,
            list_bucket(service, rate_limit, None, page_size, None)
        )
    }
}
