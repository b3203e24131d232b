//! Routes that record their methods and paths, so that a test can compare them with the OpenAPI document.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};

use crate::app::shared::App;

/// A router, and the list of its routes.
pub(crate) struct Routes {
    router: Router<App>,
    /// Lower-case methods, with their paths.
    #[cfg(test)]
    pub(crate) listed: Vec<(&'static str, &'static str)>,
}

impl Routes {
    pub(crate) fn new() -> Self {
        Self {
            router: Router::new(),
            #[cfg(test)]
            listed: Vec::new(),
        }
    }

    pub(crate) fn get<T: 'static>(self, path: &'static str, handler: impl Handler<T, App>) -> Self {
        self.route(MethodFilter::GET, "get", path, handler)
    }

    pub(crate) fn post<T: 'static>(
        self,
        path: &'static str,
        handler: impl Handler<T, App>,
    ) -> Self {
        self.route(MethodFilter::POST, "post", path, handler)
    }

    pub(crate) fn put<T: 'static>(self, path: &'static str, handler: impl Handler<T, App>) -> Self {
        self.route(MethodFilter::PUT, "put", path, handler)
    }

    pub(crate) fn patch<T: 'static>(
        self,
        path: &'static str,
        handler: impl Handler<T, App>,
    ) -> Self {
        self.route(MethodFilter::PATCH, "patch", path, handler)
    }

    pub(crate) fn delete<T: 'static>(
        self,
        path: &'static str,
        handler: impl Handler<T, App>,
    ) -> Self {
        self.route(MethodFilter::DELETE, "delete", path, handler)
    }

    pub(crate) fn into_router(self) -> Router<App> {
        self.router
    }

    #[cfg_attr(
        not(test),
        expect(unused_variables, reason = "the name of the method is for the test")
    )]
    fn route<T: 'static>(
        mut self,
        method: MethodFilter,
        name: &'static str,
        path: &'static str,
        handler: impl Handler<T, App>,
    ) -> Self {
        #[cfg(test)]
        self.listed.push((name, path));
        self.router = self.router.route(path, on(method, handler));
        self
    }
}
