use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use twilio_verify::fuzzing::unreadable;
use twilio_verify_api::{ListItem, Page, types};

use super::private::assert_keeps_quiet;

/// A page of any of the lists there are: what is read is written as what
/// reads the same, and an error keeps quiet.
pub fn pages(data: &[u8]) -> bool {
    let value = serde_json::from_slice(data).ok();
    let read = [
        check::<types::Attempt>(data, value.as_ref()),
        check::<types::Bucket>(data, value.as_ref()),
        check::<types::Challenge>(data, value.as_ref()),
        check::<types::Entity>(data, value.as_ref()),
        check::<types::Factor>(data, value.as_ref()),
        check::<types::MessagingConfiguration>(data, value.as_ref()),
        check::<types::RateLimit>(data, value.as_ref()),
        check::<types::Service>(data, value.as_ref()),
        check::<types::Template>(data, value.as_ref()),
        check::<types::Webhook>(data, value.as_ref()),
    ];
    read.contains(&true)
}

fn check<T>(data: &[u8], value: Option<&Value>) -> bool
where
    T: ListItem + DeserializeOwned + Serialize + PartialEq + Debug,
{
    let page: Page<T> = match (serde_json::from_slice(data), value) {
        (Ok(page), _) => page,
        (Err(_), Some(value)) => {
            assert_keeps_quiet(&unreadable::<Page<T>>(data), value);
            return false;
        }
        (Err(_), None) => return false,
    };
    let meta = &page.meta;
    let written = json!({
        T::KEYS[0]: page.items,
        "meta": {
            "page": meta.page,
            "page_size": meta.page_size,
            "next_page_url": meta.next_page_url,
            "previous_page_url": meta.previous_page_url,
        },
    });
    let again: Page<T> =
        serde_json::from_value(written).unwrap_or_else(|error| panic!("{error}: {page:?}"));
    assert!(again == page, "{page:#?}\n{again:#?}");
    let shown = format!("{page:?}");
    for url in [&meta.next_page_url, &meta.previous_page_url].into_iter().flatten() {
        assert!(url.len() < 24 || !shown.contains(url.as_str()), "{shown}");
    }
    !page.items.is_empty()
}
