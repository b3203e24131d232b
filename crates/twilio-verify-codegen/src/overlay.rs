//! `OpenAPI` Overlay 1.0: adds to a document what its publisher left out.

use enumset::EnumSet;
use roas_overlay::apply::{Apply, ApplyErrorKind};
use roas_overlay::v1_0::Overlay;
use roas_overlay::validation::Validate;

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};

/// What becomes of an overlay action whose target is not in the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmatched {
    /// It is an error: for the document that the overlay was written for,
    /// where it shows that Twilio fixed what the action works around.
    #[default]
    Error,
    /// It is a warning, for documents of other dates.
    Warn,
}

/// Applies an overlay, all of it or nothing. Gives one warning for every
/// action that matched nothing, if `unmatched` allows for those.
///
/// # Errors
///
/// When the overlay is not JSON, is not an Overlay 1.0, has an action without
/// a reason (`description`), or has an action that can't be applied.
pub fn apply(
    document: &mut Document,
    overlay: &str,
    unmatched: Unmatched,
) -> Result<Vec<String>, Error> {
    let root = Pointer::root();
    let overlay: Overlay = serde_json::from_str(overlay)
        .map_err(|error| Error::overlay(&root, format!("not an OpenAPI Overlay 1.0: {error}")))?;
    if let Err(invalid) = overlay.validate(EnumSet::empty()) {
        let first = invalid.errors.first();
        return Err(match first {
            Some(first) => Error::overlay(&pointer(&first.path), &first.message),
            None => Error::overlay(&root, invalid),
        });
    }
    let actions = root.child("actions");
    for (index, action) in overlay.actions.iter().enumerate() {
        let reason = action.description.as_deref().unwrap_or_default();
        if reason.trim().is_empty() {
            return Err(Error::overlay(
                &actions.child(index.to_string()),
                "the action gives no reason; say in its `description` why the document needs it",
            ));
        }
    }
    let report = overlay.apply(document.json_mut(), EnumSet::empty()).map_err(|error| {
        let reason = match error.kind {
            ApplyErrorKind::PrimitiveActionTarget => {
                "selects a primitive value, which no action can change; select its parent"
                    .to_owned()
            }
            kind => kind.to_string(),
        };
        Error::overlay(
            &actions.child(error.action_index.to_string()),
            format!("target {}: {reason}", error.target),
        )
    })?;
    let mut warnings = Vec::new();
    for action in report.actions.iter().filter(|action| action.matched == 0) {
        let pointer = actions.child(action.index.to_string());
        let reason = format!(
            "target {} matches nothing; if Twilio has fixed this in the document, remove the action",
            action.target
        );
        match unmatched {
            Unmatched::Error => return Err(Error::overlay(&pointer, reason)),
            Unmatched::Warn => warnings.push(format!("overlay: {pointer}: {reason}")),
        }
    }
    Ok(warnings)
}

/// The place that validation names as `#.actions[3].target`.
fn pointer(path: &str) -> Pointer {
    let tokens = path.trim_start_matches('#').split(['.', '[', ']']);
    let tokens = tokens.filter(|token| !token.is_empty());
    tokens.fold(Pointer::root(), |place, token| place.child(token))
}
