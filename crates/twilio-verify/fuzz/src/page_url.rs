use http::Uri;
use twilio_verify::fuzzing::page_url;
use url::Url;

use super::line;

/// The first line is the client's base URL, all else the URL of a page: one
/// that is accepted is on the client's own origin, for whoever reads it.
pub fn page_urls(data: &[u8]) -> bool {
    let (base, page) = line(data);
    let (Ok(base), Ok(page)) = (Url::parse(base), std::str::from_utf8(page)) else {
        return false;
    };
    // Of these alone a client is made.
    if !matches!(base.scheme(), "https" | "http") || !base.username().is_empty() {
        return false;
    }
    let Ok(url) = page_url(&base, page) else {
        return false;
    };
    assert_eq!(url.scheme(), base.scheme(), "{page:?}");
    assert_eq!(url.host_str(), base.host_str(), "{page:?}");
    let ports = [&url, &base].map(Url::port_or_known_default);
    assert_eq!(ports[0], ports[1], "{page:?}");
    // The one who sends the request reads the URL by other rules.
    if let Ok(uri) = url.as_str().parse::<Uri>() {
        let uri_host = uri.host().map(str::to_ascii_lowercase);
        assert_eq!(uri_host.as_deref(), base.host_str(), "{page:?}");
        assert_eq!(uri.port_u16(), base.port(), "{page:?}");
    }
    true
}
