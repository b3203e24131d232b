//! What all requests have in common, written once.

use twilio_verify_api::RequestError;

use crate::error::{Error, ErrorKind};

/// The error of a request that can't be built.
pub(crate) fn not_built(error: RequestError) -> Error {
    Error::new(ErrorKind::InvalidRequest, error.to_string()).with_source(error)
}

/// Makes an operation's request.
macro_rules! request {
    ($client:expr, $operation:ident($($argument:expr),* $(,)?)) => {
        $client
            .shared
            .requests
            .$operation($($argument),*)
            .map_err($crate::request::macros::not_built)
    };
}

/// Sends an operation's request, and gives its answer.
macro_rules! call {
    ($client:expr, $operation:ident($($argument:expr),* $(,)?)) => {{
        let request = $crate::request::macros::request!($client, $operation($($argument),*));
        $client.shared.send(request?).await
    }};
}

/// Writes the setters of a body's optional fields, named as the generated
/// field unless `=>` says otherwise. The kinds:
///
/// - `text`: anything that becomes a `String`
/// - `flag`: true or false
/// - `number`: any integer that fits in 64 bits, checked when it is sent
/// - `value`: a value of the type that is named
/// - `list`: texts
/// - `map`: texts by name, sent as JSON
/// - `json`: a JSON value, sent as text
macro_rules! setters {
    (@$kind:ident $(#[$doc:meta])* $name:ident $(: $type:ty)?) => {
        $crate::request::macros::setters!(@$kind $(#[$doc])* $name $(: $type)? => $name);
    };
    (@text $(#[$doc:meta])* $name:ident => $field:ident) => {
        $(#[$doc])*
        pub fn $name(mut self, value: impl Into<String>) -> Self {
            let value: String = value.into();
            self.body.$field = Some(value.into());
            self
        }
    };
    (@flag $(#[$doc:meta])* $name:ident => $field:ident) => {
        $(#[$doc])*
        pub fn $name(mut self, value: bool) -> Self {
            self.body.$field = Some(value);
            self
        }
    };
    (@number $(#[$doc:meta])* $name:ident => $field:ident) => {
        $(#[$doc])*
        pub fn $name(mut self, value: impl Into<i64>) -> Self {
            self.body.$field = Some(value.into());
            self
        }
    };
    (@value $(#[$doc:meta])* $name:ident: $type:ty => $field:ident) => {
        $(#[$doc])*
        pub fn $name(mut self, value: $type) -> Self {
            self.body.$field = Some(value.into());
            self
        }
    };
    (@list $(#[$doc:meta])* $name:ident => $field:ident) => {
        $(#[$doc])*
        pub fn $name<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
            self.body.$field = values.into_iter().map(Into::into).collect();
            self
        }
    };
    (@map $(#[$doc:meta])* $name:ident => $field:ident) => {
        $(#[$doc])*
        pub fn $name<K: Into<String>, V: Into<String>>(
            mut self,
            values: impl IntoIterator<Item = (K, V)>,
        ) -> Self {
            let values = values.into_iter();
            let object = values.map(|(name, value)| (name.into(), value.into().into())).collect();
            let object = ::serde_json::Value::Object(object);
            self.body.$field = Some(::twilio_verify_api::JsonText::new(object));
            self
        }
    };
    (@json $(#[$doc:meta])* $name:ident => $field:ident) => {
        $(#[$doc])*
        pub fn $name(mut self, value: impl Into<::serde_json::Value>) -> Self {
            self.body.$field = Some(::twilio_verify_api::JsonText::new(value.into()));
            self
        }
    };
    ($($(#[$doc:meta])* $kind:ident $name:ident $(: $type:ty)? $(=> $field:ident)?;)*) => {
        $($crate::request::macros::setters!(@$kind $(#[$doc])* $name $(: $type)? $(=> $field)?);)*
    };
}

/// Writes what all lists have: how much is wanted, and the ways to read it.
/// The type must have a `range`, a method `first` that makes the request of
/// the first page, and a `client`: its own, or that of the field named last.
macro_rules! list {
    ($item:ty $(, $($owner:ident).+)?) => {
        /// At most so many items in all. Default: all of them.
        pub fn limit(mut self, limit: usize) -> Self {
            self.range.limit = Some(limit);
            self
        }

        /// How many items a page holds, from 1 to 1000. Default: the limit if
        /// there is one, else what Twilio takes, 50.
        pub fn page_size(mut self, size: u16) -> Self {
            self.range.page_size = Some(size);
            self
        }

        /// The list, page by page.
        ///
        /// A page fails with an error of kind
        /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
        /// anything is sent, if a filter or the page size can't be sent.
        pub fn pages(self) -> $crate::request::paging::Pages<$item> {
            let shared = self$($(.$owner)+)?.client.shared.clone();
            $crate::request::paging::pages(shared, self.range.limit, self.first())
        }

        /// The list, item by item. Pages are fetched as they are needed.
        pub fn items(self) -> $crate::request::paging::Items<$item> {
            self.pages().items()
        }
    };
}

pub(crate) use {call, list, request, setters};
