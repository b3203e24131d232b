//! Formats warnings about a document for standard error.

use twilio_verify_codegen::Warning;

/// Returns a line per warning. Overlay actions that don't fit share one line, unless `all` is set.
pub fn lines(warnings: &[Warning], all: bool) -> Vec<String> {
    let is_action = |warning: &&Warning| matches!(warning, Warning::LeftOut { .. });
    let (actions, others): (Vec<&Warning>, Vec<&Warning>) = warnings.iter().partition(is_action);
    let mut lines: Vec<String> = others.iter().map(ToString::to_string).collect();
    match actions.len() {
        count if count > 1 && !all => lines.push(format!(
            "overlay: {count} actions don't fit the document and are left out; -v names them"
        )),
        _ => lines.extend(actions.iter().map(ToString::to_string)),
    }
    lines
}

#[cfg(test)]
mod tests {
    use twilio_verify_codegen::{Pointer, Warning};

    use super::lines;

    #[test]
    fn many_actions_are_one_line() {
        let action = |index: u8| Warning::LeftOut {
            action: Pointer::from(&*format!("/actions/{index}")),
            reason: "no match".to_owned(),
        };
        let ignored = Warning::Ignored { place: Pointer::from("/info/x-rust-name") };
        let one = [ignored.clone(), action(1)];
        assert_eq!(lines(&one, false).len(), 2);
        assert!(lines(&one, false)[1].contains("/actions/1"));
        let many = [action(1), ignored, action(2)];
        let brief = lines(&many, false);
        assert_eq!(brief.len(), 2);
        assert!(brief[0].starts_with("/info/x-rust-name"), "{brief:?}");
        assert!(brief[1].starts_with("overlay: 2 actions"), "{brief:?}");
        assert_eq!(lines(&many, true).len(), 3);
    }
}
