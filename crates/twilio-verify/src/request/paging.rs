//! Lists, by page or by item.

use std::collections::HashSet;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use twilio_verify_api::{ListItem, Page, Request};

use crate::error::{Error, ErrorKind};
use crate::transport::shared::Shared;

/// The pages of a list, fetched when they are needed.
///
/// After an error there are no more pages.
pub struct Pages<T>(Pin<Box<dyn Stream<Item = Result<Page<T>, Error>> + Send>>);

/// The items of a list, fetched page by page when they are needed.
///
/// After an error there are no more items.
pub struct Items<T>(Pin<Box<dyn Stream<Item = Result<T, Error>> + Send>>);

impl<T: Send + 'static> Pages<T> {
    /// The next page; `None` after the last.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`].
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        TryStreamExt::try_next(&mut self.0).await
    }

    /// The items of all pages.
    pub fn items(self) -> Items<T> {
        let items = self
            .0
            .map_ok(|page| stream::iter(page.items.into_iter().map(Ok)))
            .try_flatten();
        Items(Box::pin(items))
    }
}

impl<T> Items<T> {
    /// The next item; `None` after the last.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`].
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        TryStreamExt::try_next(&mut self.0).await
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(ready!(self.0.poll_next_unpin(context)))
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(ready!(self.0.poll_next_unpin(context)))
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

/// The limit and page size of a list request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Range {
    pub(crate) limit: Option<usize>,
    pub(crate) page_size: Option<u16>,
}

/// The largest page size that Twilio supports.
const MAX_PAGE_SIZE: u16 = 1000;

impl Range {
    /// The page size to request: the caller's, else the limit.
    pub(crate) fn page_size(self) -> Result<Option<i64>, Error> {
        match (self.page_size, self.limit) {
            (Some(size @ 1..=MAX_PAGE_SIZE), _) => Ok(Some(size.into())),
            (Some(_), _) => Err(Error::invalid("page_size", "expected 1 to 1000")),
            (None, Some(limit)) => {
                let size = u16::try_from(limit).unwrap_or(MAX_PAGE_SIZE);
                Ok(Some(size.clamp(1, MAX_PAGE_SIZE).into()))
            }
            (None, None) => Ok(None),
        }
    }
}

/// The position in a list.
struct Position<T> {
    shared: Arc<Shared>,
    /// The number of items that are still wanted.
    wanted: usize,
    /// The URLs of the pages so far, to detect a list that never ends.
    seen: HashSet<String>,
    /// The request of the next page; `None` after the last.
    next: Option<Result<Request<Page<T>>, Error>>,
}

/// The pages of a list; `first` is the request of the first one.
pub(crate) fn pages<T>(
    shared: Arc<Shared>,
    limit: Option<usize>,
    first: Result<Request<Page<T>>, Error>,
) -> Pages<T>
where
    T: DeserializeOwned + ListItem + Send + 'static,
{
    let wanted = limit.unwrap_or(usize::MAX);
    let begin = Position {
        shared,
        wanted,
        seen: HashSet::new(),
        next: (wanted > 0).then_some(first),
    };
    Pages(Box::pin(stream::try_unfold(begin, Position::advance)))
}

impl<T: DeserializeOwned + ListItem> Position<T> {
    async fn advance(mut self) -> Result<Option<(Page<T>, Self)>, Error> {
        let Some(request) = self.next.take().transpose()? else {
            return Ok(None);
        };
        let operation = request.operation;
        let mut page = self.shared.send(request).await?;
        page.items.truncate(self.wanted);
        self.wanted -= page.items.len();
        let next = page.meta.next_page_url.clone().filter(|_| self.wanted > 0);
        if let Some(url) = next {
            if !self.seen.insert(url.clone()) {
                let reason = "the list leads back to an earlier page";
                return Err(Error::new(ErrorKind::Unreadable, reason));
            }
            self.next = Some(self.shared.page(operation, &url));
        }
        Ok(Some((page, self)))
    }
}
