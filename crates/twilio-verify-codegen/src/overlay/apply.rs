//! Applies an overlay, and finds the actions that don't fit the document.

use std::collections::{BTreeMap, BTreeSet};

use enumset::EnumSet;
use roas_overlay::apply::{Apply, ApplyErrorKind};
use roas_overlay::v1_0::{Action, Overlay};
use roas_overlay::validation::Validate;
use serde_json::Value;

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::schema::all_references;
use crate::document::warning::Warning;
use crate::overlay::extensions;

/// What happens to an overlay action that doesn't fit the document: its target selects nothing or a
/// primitive value, or its result refers to nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmatched {
    /// An error: for the document that the overlay was written for, in which such an action means
    /// that Twilio fixed what it works around.
    #[default]
    Error,
    /// A warning, and the action is left out: for documents of other dates.
    Warn,
}

/// The reasons for leaving out actions, by their index.
type LeftOut = BTreeMap<usize, String>;

/// Applies an overlay. Returns a warning for each action that doesn't fit the document, if
/// `unmatched` allows these.
///
/// # Errors
///
/// Returns an error if the overlay is not JSON, is not an Overlay 1.0, has an action without a
/// reason (`description`), has an invalid extension, or has an action that can't be applied. The
/// document is then unchanged.
pub fn apply(
    document: &mut Document,
    overlay: &str,
    unmatched: Unmatched,
) -> Result<Vec<Warning>, Error> {
    let overlay = read(overlay)?;
    let mut left_out = LeftOut::new();
    // Another action may refer to what an omitted action adds.
    loop {
        let Attempt { result, unmatched: none, misfits } = attempt(document, &overlay, &left_out)?;
        let is_last = misfits.is_empty();
        let found: LeftOut = none.into_iter().chain(misfits).collect();
        if let (Unmatched::Error, Some((action, reason))) = (unmatched, found.first_key_value()) {
            return Err(Error::overlay(&place(*action), reason));
        }
        left_out.extend(found);
        if is_last {
            *document = result;
            break;
        }
    }
    let left_out = left_out.into_iter();
    Ok(left_out
        .map(|(action, reason)| Warning::LeftOut { action: place(action), reason })
        .collect())
}

/// Reads an overlay, and checks everything that doesn't depend on the document.
fn read(text: &str) -> Result<Overlay, Error> {
    let root = Pointer::root();
    let overlay: Overlay = serde_json::from_str(text)
        .map_err(|error| Error::overlay(&root, format!("not an OpenAPI Overlay 1.0: {error}")))?;
    if let Err(invalid) = overlay.validate(EnumSet::empty()) {
        let first = invalid.errors.first();
        return Err(match first {
            Some(first) => Error::overlay(&pointer(&first.path), &first.message),
            None => Error::overlay(&root, invalid),
        });
    }
    for (index, action) in overlay.actions.iter().enumerate() {
        let reason = action.description.as_deref().unwrap_or_default();
        if reason.trim().is_empty() {
            return Err(Error::overlay(
                &place(index),
                "the action gives no reason; say in its `description` why the document needs it",
            ));
        }
        if let Some(update) = &action.update {
            extensions::check(&place(index).child("update"), update)?;
        }
    }
    Ok(overlay)
}

/// A document with some actions applied.
struct Attempt {
    result: Document,
    /// The actions that match nothing, and so have no effect.
    unmatched: LeftOut,
    /// The actions that must not be applied.
    misfits: LeftOut,
}

/// Applies all actions except those in `left_out`.
fn attempt(document: &Document, overlay: &Overlay, left_out: &LeftOut) -> Result<Attempt, Error> {
    let mut attempt =
        Attempt { result: document.clone(), unmatched: LeftOut::new(), misfits: LeftOut::new() };
    let actions = overlay.actions.iter().enumerate();
    let (indices, actions): (Vec<usize>, Vec<Action>) = actions
        .filter(|(index, _)| !left_out.contains_key(index))
        .map(|(index, action)| (index, action.clone()))
        .unzip();
    let kept = Overlay { actions, ..overlay.clone() };
    let report = match kept.apply(attempt.result.json_mut(), EnumSet::empty()) {
        Ok(report) => report,
        Err(error) => {
            let index = indices[error.action_index];
            let reason = |reason: &str| format!("target {}: {reason}", error.target);
            return match error.kind {
                ApplyErrorKind::PrimitiveActionTarget => {
                    let primitive =
                        "selects a primitive value, which no action can change; select its parent";
                    attempt.misfits.insert(index, reason(primitive));
                    Ok(attempt)
                }
                kind => Err(Error::overlay(&place(index), reason(&kind.to_string()))),
            };
        }
    };
    let mut applied = Vec::new();
    for action in &report.actions {
        let (index, target) = (indices[action.index], &action.target);
        if action.matched == 0 {
            let reason = format!(
                "target {target} matches nothing; if Twilio has fixed this in the document, \
                 remove the action"
            );
            attempt.unmatched.insert(index, reason);
        } else {
            applied.push((index, &overlay.actions[index]));
        }
    }
    let dangling = dangling(document.json(), attempt.result.json());
    if !dangling.is_empty() {
        attempt.misfits = culprits(document, &applied, &dangling);
    }
    Ok(attempt)
}

/// Returns the targets that the new document refers to but doesn't have, except those that the old
/// one also lacks.
fn dangling(old: &Value, new: &Value) -> BTreeSet<String> {
    let missing = |json: &Value| -> BTreeSet<String> {
        let targets = all_references(json).into_iter();
        let missing = targets.filter(|target| {
            let place = target.strip_prefix('#');
            place.is_some_and(|place| json.pointer(place).is_none())
        });
        missing.map(str::to_owned).collect()
    };
    let new = missing(new);
    if new.is_empty() { new } else { &new - &missing(old) }
}

/// Returns the actions that leave references without a target: those that add such a reference, or
/// else those that remove the target.
fn culprits(
    document: &Document,
    applied: &[(usize, &Action)],
    dangling: &BTreeSet<String>,
) -> LeftOut {
    let mut culprits = LeftOut::new();
    let reason = |action: &Action, target: &str| {
        format!(
            "target {}: the result refers to {target}, and there is no such thing",
            action.target
        )
    };
    for (index, action) in applied {
        let added = action.update.as_ref().map(all_references).unwrap_or_default();
        if let Some(target) = added.into_iter().find(|target| dangling.contains(*target)) {
            culprits.insert(*index, reason(action, target));
        }
    }
    if culprits.is_empty() {
        for (index, action) in applied.iter().filter(|(_, action)| action.is_remove()) {
            let mut alone = document.json().clone();
            let only = Overlay { actions: vec![(*action).clone()], ..Overlay::default() };
            if only.apply(&mut alone, EnumSet::empty()).is_err() {
                continue;
            }
            let missing = self::dangling(document.json(), &alone);
            if let Some(target) = missing.intersection(dangling).next() {
                culprits.insert(*index, reason(action, target));
            }
        }
    }
    culprits
}

/// Returns the place of an action.
fn place(action: usize) -> Pointer {
    Pointer::root().child("actions").child(action.to_string())
}

/// Returns the place that validation names as `#.actions[3].target`.
fn pointer(path: &str) -> Pointer {
    let tokens = path.trim_start_matches('#').split(['.', '[', ']']);
    let tokens = tokens.filter(|token| !token.is_empty());
    tokens.fold(Pointer::root(), |place, token| place.child(token))
}
