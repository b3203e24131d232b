//! What the tests of all operations share.

use tests::client::client;
use tests::contract::Contract;
use twilio_verify::{Client, ServiceContext};

pub(crate) const IDENTITY: &str = "customer-4f1d27a0";
pub(crate) const SERVICE: &str = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A client, and the server that it talks to.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) server: Contract,
}

impl Session {
    pub(crate) async fn start() -> Self {
        let server = Contract::start().await.unwrap();
        let client = client(server.url());
        Self { client, server }
    }

    pub(crate) fn service(&self) -> ServiceContext {
        self.client.service(SERVICE)
    }
}

pub(crate) type Outcome = Result<(), Box<dyn std::error::Error>>;
