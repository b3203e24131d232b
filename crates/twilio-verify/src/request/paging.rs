//! Reads lists, by page or by item.

use std::collections::HashSet;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use twilio_verify_api::{List, ListItem, ListStart, Operation, Page, Redacted, Request};

use crate::error::{Error, ErrorKind};
use crate::transport::shared::Shared;

/// The pages of a list, fetched as they are needed.
///
/// After an error there are no more pages; a new list can continue from
/// [`next_page_url`](Self::next_page_url).
pub struct Pages<T> {
    pages: Pin<Box<dyn Stream<Item = Result<Page<T>, Error>> + Send>>,
    next: Option<Redacted<String>>,
}

/// The items of a list. Pages are fetched as they are needed.
///
/// After an error there are no more items; a new list can continue from
/// [`next_page_url`](Self::next_page_url).
pub struct Items<T> {
    pages: Pages<T>,
    /// The remaining items of the last page.
    items: std::vec::IntoIter<T>,
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn new(shared: Arc<Shared>, list: List<T>) -> Self
    where
        T: DeserializeOwned + ListItem,
    {
        let url = match &list.start {
            ListStart::Url(url) => Some(url.clone()),
            ListStart::Request(_) => None,
        };
        let wanted = list.limit.unwrap_or(usize::MAX);
        let begin = Position {
            shared,
            operation: list.operation,
            wanted,
            seen: HashSet::new(),
            empty: 0,
            next: (wanted > 0).then_some(list.start),
        };
        Self { pages: Box::pin(stream::try_unfold(begin, Position::advance)), next: url }
    }

    /// Fetches the next page. Returns `None` after the last.
    ///
    /// # Errors
    ///
    /// Returns an error if the page can't be fetched: see [`ErrorKind`].
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        TryStreamExt::try_next(self).await
    }

    /// Returns the items of all pages.
    pub fn items(self) -> Items<T> {
        Items { pages: self, items: Vec::new().into_iter() }
    }
}

impl<T> Pages<T> {
    /// Returns the URL of the page that follows the last one; after an error, of the page that
    /// could not be fetched. Returns `None` before the first page and after the last. Every list
    /// builder accepts it as `page_url`.
    pub fn next_page_url(&self) -> Option<&str> {
        self.next.as_ref().map(|url| url.expose().as_str())
    }
}

impl<T: Send> Items<T> {
    /// Returns the next item, or `None` after the last.
    ///
    /// # Errors
    ///
    /// Returns an error if the item's page can't be fetched: see [`ErrorKind`].
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        TryStreamExt::try_next(self).await
    }
}

impl<T> Items<T> {
    /// Returns the URL of the page that follows the items returned so far; after an error, of the
    /// page that could not be fetched, so that no item is missed or returned twice. See
    /// [`Pages::next_page_url`].
    pub fn next_page_url(&self) -> Option<&str> {
        self.pages.next_page_url()
    }
}

/// No field is structurally pinned.
impl<T> Unpin for Items<T> {}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let page = ready!(self.pages.poll_next_unpin(context));
        if let Some(Ok(page)) = &page {
            self.next = page.meta.next_page_url.clone().map(Redacted::new);
        }
        Poll::Ready(page)
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_next_unpin(context)) {
                Some(Ok(page)) => self.items = page.items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pages")
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Items")
    }
}

/// The maximum number of empty pages in a row. A list with more is assumed to be endless.
const MOST_EMPTY_PAGES: usize = 100;

/// A position in a list.
struct Position<T> {
    shared: Arc<Shared>,
    operation: &'static Operation,
    /// The number of items that are still wanted.
    wanted: usize,
    /// The URLs of the pages so far. A list that leads back to one of them is endless.
    seen: HashSet<String>,
    /// The number of empty pages since the last item.
    empty: usize,
    /// The next page; `None` after the last.
    next: Option<ListStart<T>>,
}

impl<T: DeserializeOwned + ListItem + Send> Position<T> {
    async fn advance(mut self) -> Result<Option<(Page<T>, Self)>, Error> {
        let Some(next) = self.next.take() else {
            return Ok(None);
        };
        let request: Request<Page<T>> = match next {
            ListStart::Request(request) => *request?,
            ListStart::Url(url) => self.shared.page(self.operation, url.expose())?,
        };
        let mut page = self.shared.send(request).await?;
        self.empty = if page.items.is_empty() { self.empty + 1 } else { 0 };
        if self.empty > MOST_EMPTY_PAGES {
            let reason = format!("more than {MOST_EMPTY_PAGES} empty pages followed one another");
            return Err(Error::new(ErrorKind::Unreadable, reason));
        }
        page.items.truncate(self.wanted);
        self.wanted -= page.items.len();
        let next = page.meta.next_page_url.clone().filter(|_| self.wanted > 0);
        if let Some(url) = next {
            if !self.seen.insert(url.clone()) {
                let reason = "the list leads back to an earlier page";
                return Err(Error::new(ErrorKind::Unreadable, reason));
            }
            self.next = Some(ListStart::Url(Redacted::new(url)));
        }
        Ok(Some((page, self)))
    }
}
