//! The URL of an archive.

use std::sync::Arc;

use object_store::ObjectStore;
use object_store::path::Path;

use crate::error::ArchiveError;

/// The schemes, and the prefix of their environment variables.
const STORES: [(&str, &str); 3] = [("s3", "AWS_"), ("gs", "GOOGLE_"), ("az", "AZURE_")];

/// Opens the object store of a URL, with settings from the environment.
pub(crate) fn open(text: &str) -> Result<(Arc<dyn ObjectStore>, Path), ArchiveError> {
    let fault = |fault: String| {
        // The text before an `@` may be a secret.
        let url = text.rsplit_once('@').map_or(text, |(_, rest)| rest).to_owned();
        ArchiveError::Url { url, fault }
    };
    let expected = "expected s3://BUCKET/PATH, gs://BUCKET/PATH or az://CONTAINER/PATH";
    let (scheme, rest) = text.split_once("://").ok_or_else(|| fault(expected.to_owned()))?;
    let known = STORES.into_iter().find(|(known, _)| *known == scheme);
    let (_, variables) = known.ok_or_else(|| fault(expected.to_owned()))?;
    if rest.contains(['@', '?', '#']) {
        return Err(fault(format!(
            "it holds more than a bucket and a path; set credentials by environment variables that \
             begin with {variables}"
        )));
    }
    let url = text.parse().map_err(|_| fault(expected.to_owned()))?;
    let options = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| name.starts_with(variables))?;
        Some((name.to_ascii_lowercase(), value.into_string().ok()?))
    });
    match object_store::parse_url_opts(&url, options) {
        Ok((objects, path)) => Ok((objects.into(), path)),
        Err(error) => Err(fault(error.to_string())),
    }
}
