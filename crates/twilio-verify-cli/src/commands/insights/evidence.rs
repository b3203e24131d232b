//! Formats what is proven about a table.

use serde_json::{Value, json};
use twilio_verify_insights::{Proof, Table};

/// What is proven about a table.
pub(super) struct Evidence {
    /// The proof for programs.
    pub(super) json: Value,
    /// The proof for people.
    pub(super) text: Option<String>,
}

impl Evidence {
    /// Returns the proof that the table itself has.
    pub(super) fn of(table: &Table) -> Self {
        Self {
            json: table.proof().map_or(Value::Null, proof),
            text: table.proof().map(|proof| proof.verdict.to_string()),
        }
    }
}

fn proof(proof: &Proof) -> Value {
    let mut json = json!(proof.verdict);
    if let Value::Object(fields) = &mut json {
        for (name, counts) in
            [("before", &proof.before), ("parts", &proof.parts), ("after", &proof.after)]
        {
            let numbers = json!({ "attempts": counts.attempts, "converted": counts.converted });
            fields.insert(name.to_owned(), numbers);
        }
    }
    json
}
