//! The methods that all list builders have.

use crate::request::sender::ListSender;

/// A builder of a request for a list.
///
/// Every list builder also has these methods of its own; the trait is for code that works with any
/// of them.
pub trait ListRequest: Sized {
    /// The items of the list.
    type Item;
    /// The type that sends the request.
    type Sender: ListSender;

    /// Sets the maximum number of items in all. Default: no maximum.
    #[must_use]
    fn limit(self, limit: usize) -> Self;

    /// Sets the number of items on a page.
    #[must_use]
    fn page_size(self, size: impl Into<i64>) -> Self;

    /// Starts at the page with this token; see
    /// [`Meta::next_page_token`](crate::Meta::next_page_token).
    #[must_use]
    fn page_token(self, token: impl Into<String>) -> Self;

    /// Starts at the page with this URL; see [`Meta::next_page_url`](crate::Meta::next_page_url).
    #[must_use]
    fn page_url(self, url: impl Into<String>) -> Self;

    /// Returns the list, page by page.
    fn pages(self) -> <Self::Sender as ListSender>::Pages<Self::Item>;

    /// Returns the list, item by item.
    fn items(self) -> <Self::Sender as ListSender>::Items<Self::Item>;
}

/// Implements [`ListRequest`] for a list builder, with its own methods.
macro_rules! list_request {
    ($builder:ident, $item:ty) => {
        impl<S: $crate::ListSender> $crate::ListRequest for $builder<S> {
            type Item = $item;
            type Sender = S;

            fn limit(self, limit: usize) -> Self {
                Self::limit(self, limit)
            }

            fn page_size(self, size: impl Into<i64>) -> Self {
                Self::page_size(self, size)
            }

            fn page_token(self, token: impl Into<String>) -> Self {
                Self::page_token(self, token)
            }

            fn page_url(self, url: impl Into<String>) -> Self {
                Self::page_url(self, url)
            }

            fn pages(self) -> S::Pages<$item> {
                Self::pages(self)
            }

            fn items(self) -> S::Items<$item> {
                Self::items(self)
            }
        }
    };
}

pub(crate) use list_request;

/// Returns the page size to request: the size that was set, or else no more items than the limit.
pub(crate) fn page_size(set: Option<i64>, limit: Option<usize>, max: i64) -> Option<i64> {
    set.or_else(|| {
        let limit = i64::try_from(limit?).unwrap_or(max);
        Some(limit.clamp(1, max))
    })
}

#[cfg(test)]
mod tests {
    use super::page_size;

    #[test]
    fn no_more_items_are_asked_for_than_are_wanted() {
        assert_eq!(page_size(None, None, 1000), None);
        assert_eq!(page_size(None, Some(0), 1000), Some(1));
        assert_eq!(page_size(None, Some(7), 1000), Some(7));
        assert_eq!(page_size(None, Some(usize::MAX), 1000), Some(1000));
        assert_eq!(page_size(Some(3), Some(7), 1000), Some(3));
    }
}
