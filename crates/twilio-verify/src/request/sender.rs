//! The client sends the requests of builders.

use std::future::Future;

use serde::de::DeserializeOwned;
use twilio_verify_api::{List, ListItem, ListSender, Request, Sender};

use crate::client::client::Client;
use crate::error::Error;
use crate::request::paging::{Items, Pages};

impl Sender for Client {
    type Error = Error;

    fn send<T: DeserializeOwned>(
        &self,
        request: Request<T>,
    ) -> impl Future<Output = Result<T, Error>> + Send {
        self.shared.send(request)
    }
}

impl ListSender for Client {
    type Pages<T> = Pages<T>;
    type Items<T> = Items<T>;

    fn pages<T>(&self, list: List<T>) -> Pages<T>
    where
        T: DeserializeOwned + ListItem + Send + 'static,
    {
        Pages::new(self.shared.clone(), list)
    }

    fn items<T>(&self, list: List<T>) -> Items<T>
    where
        T: DeserializeOwned + ListItem + Send + 'static,
    {
        self.pages(list).items()
    }
}
