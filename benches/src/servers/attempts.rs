//! Pages of attempts, in the shape of the document's example.

use std::fmt::Write;
use std::sync::Arc;

use crate::servers::canned;

/// Returns the JSON of a page: `count` items from index `first` on, and the URL of the next page,
/// if there is one.
pub fn page(first: usize, count: usize, next: Option<&str>) -> String {
    let mut json = String::from(r#"{"attempts":["#);
    for index in first..first + count {
        if index > first {
            json.push(',');
        }
        item(&mut json, index);
    }
    let next = next.map_or_else(|| "null".to_owned(), |url| format!("\"{url}\""));
    // Writing to a `String` can't fail.
    let _ = write!(
        json,
        r#"],"meta":{{"page":{page},"page_size":{count},"first_page_url":"https://verify.twilio.com/v2/Attempts?PageSize={count}&Page=0","previous_page_url":null,"url":"https://verify.twilio.com/v2/Attempts?PageSize={count}&Page={page}","next_page_url":{next},"key":"attempts"}}}}"#,
        page = first / count.max(1),
    );
    json
}

/// Writes an item. Two of three are sent by message and converted, the others by call.
fn item(json: &mut String, index: usize) {
    let (minute, second) = (index / 60 % 60, index % 60);
    let (status, channel, price, data) = if index % 3 < 2 {
        (
            "converted",
            "sms",
            r#"{"value":"0.005","currency":"usd"}"#,
            r#""status":"confirmed","message_status":"delivered","error_code":null,"country":"CO","code_length":6,"locale":"es","mcc":"732","mnc":"101","carrier":"Claro""#,
        )
    } else {
        (
            "unconverted",
            "call",
            "null",
            r#""status":"expired","call_status":"no-answer","error_code":null,"country":"CO","code_length":6,"locale":"es""#,
        )
    };
    let _ = write!(
        json,
        r#"{{"sid":"VL{index:032x}","account_sid":"ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","service_sid":"VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","verification_sid":"VE{index:032x}","date_created":"2026-03-02T21:{minute:02}:{second:02}Z","date_updated":"2026-03-02T21:{minute:02}:{second:02}Z","conversion_status":"{status}","channel":"{channel}","price":{price},"channel_data":{{"verification_sid":"VE{index:032x}","to":"+57300{index:07}",{data}}},"url":"https://verify.twilio.com/v2/Attempts/VL{index:032x}"}}"#
    );
}

/// Starts a server of `pages` pages of `size` attempts each, and returns its URL.
///
/// # Errors
///
/// Returns an error if no port can be bound.
pub fn serve(pages: usize, size: usize) -> std::io::Result<String> {
    canned::start(|url| {
        let responses: Vec<Arc<[u8]>> = (0..pages)
            .map(|index| {
                let next = format!("{url}/v2/Attempts?PageSize={size}&Page={}", index + 1);
                let next = (index + 1 < pages).then_some(next.as_str());
                canned::response(page(index * size, size, next).as_bytes())
            })
            .collect();
        move |head: &str| {
            let page = canned::target(head).rsplit_once("&Page=");
            let page = page.and_then(|(_, page)| page.parse().ok());
            Arc::clone(&responses[page.unwrap_or(0)])
        }
    })
}

#[cfg(test)]
mod tests {
    use twilio_verify::{Attempt, Page};

    use super::page;
    use crate::clients::by_hand::{Plain, Whole};

    #[test]
    fn all_ways_to_read_a_page_find_the_same() {
        let json = page(0, 6, Some("http://127.0.0.1/next"));
        let lenient: Page<Attempt> = serde_json::from_str(&json).unwrap();
        let plain: Plain = serde_json::from_str(&json).unwrap();
        let whole: Whole = serde_json::from_str(&json).unwrap();
        assert_eq!(lenient.meta.next_page_url, plain.meta.next_page_url);
        assert_eq!((plain.attempts.len(), whole.attempts.len()), (6, 6));
        for ((lenient, plain), whole) in
            lenient.items.iter().zip(plain.attempts).zip(whole.attempts)
        {
            assert_eq!(lenient.sid.as_ref().map(AsRef::as_ref), plain.sid.as_deref());
            assert_eq!(lenient.date_created, plain.date_created);
            let price = lenient.price.as_ref().and_then(|price| price.value);
            assert_eq!(price, plain.price.and_then(|price| price.value));
            let data = lenient.channel_data.as_ref().unwrap();
            let (plain, whole) = (plain.channel_data.unwrap(), whole.channel_data.unwrap());
            assert_eq!(data.to.as_ref().map(|to| to.expose().clone()), plain.to);
            assert_eq!(data.carrier, whole.carrier);
            assert!(data.extra.is_empty() && whole.extra.is_empty());
        }
    }
}
