//! The columns of texts.

use std::borrow::Cow;

use crate::rows::row::Row;

/// A column of texts, and the field of a row that it holds.
pub(crate) struct TextColumn {
    pub(crate) name: &'static str,
    /// Whether many rows have the same text: then it is written once, in a dictionary.
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

/// The SID stands for itself in the URLs of attempts, so that they are all the same.
const URL: TextColumn = TextColumn {
    name: "url_template",
    repeated: true,
    get: |row| row.url.as_deref().map(|url| Cow::Owned(template(url, &row.sid))),
    set: |row, template| row.url = Some(template.replace(SID, &row.sid).into()),
};

const SID: &str = "{sid}";

/// The URL with `{sid}` for the SID, if replacing that gives the URL again.
fn template(url: &str, sid: &str) -> String {
    if sid.is_empty() || url.contains(SID) { url.to_owned() } else { url.replace(sid, SID) }
}

/// All columns of texts but the SID's, in their order in a file.
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
