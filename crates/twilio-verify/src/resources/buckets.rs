//! Buckets: how many verifications a rate limit allows in an interval.

use std::time::Duration;

use twilio_verify_api::IntoValue;
use twilio_verify_api::requests::{
    CreateBucket, DeleteBucket, FetchBucket, ListBuckets, UpdateBucket,
};
use twilio_verify_api::types::{Bucket, BucketSid};

use crate::client::client::Client;
use crate::contexts::RateLimitContext;
use crate::error::Error;

/// Buckets of a rate limit: create, list, fetch, update, delete.
///
/// Returned by [`RateLimitContext::buckets`]. A rate limit may have several, such as one for a
/// minute and one for a day; a verification must fit in all of them.
#[derive(Clone, Debug)]
pub struct Buckets(RateLimitContext);

impl RateLimitContext {
    /// Returns the buckets of the rate limit: create, list, fetch, update, delete.
    pub fn buckets(&self) -> Buckets {
        Buckets(self.clone())
    }
}

impl Buckets {
    /// Adds a bucket: at most `max` verifications within the interval, for each value of the rate
    /// limit's key. The interval has whole seconds, at least one.
    pub fn create(&self, max: u32, interval: Duration) -> CreateBucket<Client> {
        let (client, service, rate_limit) = self.0.parts();
        CreateBucket::new(client, service, rate_limit, max.into(), interval.into())
    }

    /// Lists the rate limit's buckets.
    pub fn list(&self) -> ListBuckets<Client> {
        let (client, service, rate_limit) = self.0.parts();
        ListBuckets::new(client, service, rate_limit)
    }

    /// Fetches one bucket.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error if there is no such bucket.
    pub async fn fetch(&self, sid: impl IntoValue<BucketSid>) -> Result<Bucket, Error> {
        let (client, service, rate_limit) = self.0.parts();
        FetchBucket::new(client, service, rate_limit, sid).send().await
    }

    /// Changes a bucket. Values that are not set stay unchanged.
    pub fn update(&self, sid: impl IntoValue<BucketSid>) -> UpdateBucket<Client> {
        let (client, service, rate_limit) = self.0.parts();
        UpdateBucket::new(client, service, rate_limit, sid)
    }

    /// Deletes a bucket: its interval is no longer limited.
    ///
    /// # Errors
    ///
    /// The same as [`fetch`](Self::fetch).
    pub async fn delete(&self, sid: impl IntoValue<BucketSid>) -> Result<(), Error> {
        let (client, service, rate_limit) = self.0.parts();
        DeleteBucket::new(client, service, rate_limit, sid).send().await
    }
}
