//! Lets callers `await` builders.

use std::pin::Pin;

/// The future of the response to a builder that is awaited without `send`.
pub type RequestFuture<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// Implements `IntoFuture` for a builder: `builder.await` is `builder.send().await`.
macro_rules! into_future {
    ($builder:ident, $response:ty) => {
        impl<S: $crate::Sender + 'static> ::std::future::IntoFuture for $builder<S> {
            type Output = Result<$response, S::Error>;
            type IntoFuture = $crate::RequestFuture<$response, S::Error>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }
    };
}

pub(crate) use into_future;
