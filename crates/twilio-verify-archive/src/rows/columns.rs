//! The text columns of a file.

use std::borrow::Cow;

use crate::rows::row::Row;

/// A text column, and the field of a row that it stores.
pub(crate) struct TextColumn {
    pub(crate) name: &'static str,
    /// Whether many rows share a text. It is then written once, in a dictionary.
    pub(crate) repeated: bool,
    pub(crate) get: fn(&Row) -> Option<Cow<'_, str>>,
    pub(crate) set: fn(&mut Row, &str),
}

macro_rules! columns {
    ($($name:ident $kind:ident,)*) => {
        &[$(TextColumn {
            name: stringify!($name),
            repeated: columns!(@ $kind),
            get: |row| row.$name.as_ref().map(|text| Cow::Borrowed(AsRef::<str>::as_ref(text))),
            set: |row, text| row.$name = Some(text.into()),
        },)* URL]
    };
    (@ repeated) => { true };
    (@ distinct) => { false };
}

/// The URL with `{sid}` in place of the SID, so that most rows have the same text.
const URL: TextColumn = TextColumn {
    name: "url_template",
    repeated: true,
    get: |row| row.url.as_deref().map(|url| Cow::Owned(template(url, &row.sid))),
    set: |row, template| row.url = Some(template.replace(SID, &row.sid).into()),
};

const SID: &str = "{sid}";

/// Returns the URL with `{sid}` in place of the SID, or unchanged if that can't be reversed.
fn template(url: &str, sid: &str) -> String {
    if sid.is_empty() || url.contains(SID) { url.to_owned() } else { url.replace(sid, SID) }
}

/// The text columns without `sid` and `price_exact`, in the order of the file.
pub(crate) const TEXTS: &[TextColumn] = columns![
    account_sid repeated,
    service_sid repeated,
    verification_sid distinct,
    channel repeated,
    conversion_status repeated,
    country repeated,
    destination distinct,
    destination_hash distinct,
    carrier repeated,
    mcc repeated,
    mnc repeated,
    locale repeated,
    message_status repeated,
    call_status repeated,
    error_code repeated,
    status repeated,
    price_currency repeated,
    channel_verification_sid distinct,
    channel_data_other repeated,
    price_other repeated,
    unread repeated,
];
