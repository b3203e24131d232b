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

/// What becomes of an overlay action that doesn't fit the document: its target
/// selects nothing or a primitive value, or its result refers to nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unmatched {
    /// It is an error: for the document that the overlay was written for,
    /// where it shows that Twilio fixed what the action works around.
    #[default]
    Error,
    /// It is a warning, and the action is left out: for documents of other dates.
    Warn,
}

/// Why actions are left out, by their index.
type LeftOut = BTreeMap<usize, String>;

/// Applies an overlay. Gives a warning for each action that doesn't fit the
/// document, if `unmatched` allows for those.
///
/// # Errors
///
/// When the overlay is not JSON, is not an Overlay 1.0, has an action without
/// a reason (`description`), has an invalid extension, or has an action that can't be applied.
/// The document is left as it was.
pub fn apply(
    document: &mut Document,
    overlay: &str,
    unmatched: Unmatched,
) -> Result<Vec<Warning>, Error> {
    let overlay = read(overlay)?;
    let mut left_out = LeftOut::new();
    // What is left out may be what another action refers to.
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

/// Reads an overlay, and checks all that doesn't depend on the document.
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
    /// The actions that match nothing, which have no effect.
    unmatched: LeftOut,
    /// The actions that must not be applied.
    misfits: LeftOut,
}

/// Applies all actions but those that are left out.
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

/// What the new document refers to and doesn't have, where the old one doesn't either.
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

/// The actions by which the document refers to what it doesn't have: those that add such a
/// reference, or else those that remove what is referred to.
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

/// The place of an action.
fn place(action: usize) -> Pointer {
    Pointer::root().child("actions").child(action.to_string())
}

/// The place that validation names as `#.actions[3].target`.
fn pointer(path: &str) -> Pointer {
    let tokens = path.trim_start_matches('#').split(['.', '[', ']']);
    let tokens = tokens.filter(|token| !token.is_empty());
    tokens.fold(Pointer::root(), |place, token| place.child(token))
}
