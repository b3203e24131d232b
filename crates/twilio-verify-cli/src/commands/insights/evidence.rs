//! What is proven of a table, in each format.

use serde_json::{Value, json};
use twilio_verify_insights::{Proof, Table};

/// What is proven of a table.
pub(super) struct Evidence {
    /// For programs.
    pub(super) json: Value,
    /// For people.
    pub(super) text: Option<String>,
}

impl Evidence {
    /// The proof of the table itself.
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
