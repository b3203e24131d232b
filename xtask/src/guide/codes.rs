//! Renders the error codes of the facade as a table.

use std::fmt::Write;

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, Ident, Item, Lit, LitInt, LitStr, Meta, Token};

/// The file of the codes, relative to the workspace.
pub const FILE: &str = "crates/twilio-verify/src/codes.rs";

/// A documented error code.
struct Code {
    doc: String,
    name: String,
    number: String,
    meaning: String,
}

/// The entries of the macro `codes!`.
struct Codes(Vec<Code>);

impl Parse for Code {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let doc = input.call(Attribute::parse_outer)?;
        let name: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        let number: LitInt = input.parse()?;
        input.parse::<Token![,]>()?;
        let meaning: LitStr = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self {
            doc: doc.iter().map(text).collect::<String>().trim().to_owned(),
            name: name.to_string(),
            number: number.to_string(),
            meaning: meaning.value(),
        })
    }
}

impl Parse for Codes {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut codes = Vec::new();
        while !input.is_empty() {
            codes.push(input.parse()?);
        }
        Ok(Self(codes))
    }
}

/// Returns the table of all codes, in Markdown.
///
/// # Errors
///
/// Returns an error if the source can't be parsed.
pub fn table(source: &str) -> syn::Result<String> {
    let mut table =
        "| code | status | cause | what to do | constant |\n|---|---|---|---|---|\n".to_owned();
    let file = syn::parse_file(source)?;
    let macros = file.items.iter().filter_map(|item| match item {
        Item::Macro(item) if item.mac.path.is_ident("codes") => Some(&item.mac),
        _ => None,
    });
    for invocation in macros {
        for code in invocation.parse_body::<Codes>()?.0 {
            let (status, cause) = code.doc.split_once(": ").unwrap_or(("", &code.doc));
            let remedy = code.meaning.split_once(": ").map_or("", |(_, remedy)| remedy);
            let _ = writeln!(
                table,
                "| <a id=\"{0}\"></a>[{0}](https://www.twilio.com/docs/api/errors/{0}) | {status} | {1} | {2} | `{3}` |",
                code.number,
                sentence(cause),
                sentence(remedy),
                code.name,
            );
        }
    }
    Ok(table)
}

fn sentence(text: &str) -> String {
    let mut letters = text.trim().trim_end_matches('.').chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.map_or_else(String::new, |first| format!("{first}{}", letters.as_str()))
}

fn text(attribute: &Attribute) -> String {
    match &attribute.meta {
        Meta::NameValue(doc) => match &doc.value {
            Expr::Lit(text) => match &text.lit {
                Lit::Str(text) => text.value(),
                _ => String::new(),
            },
            _ => String::new(),
        },
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn a_code_is_a_row() {
        let source = "codes! { /// 429: too often.\n MAX = 60202, \"too often: wait\"; }";
        let row = "| 429 | Too often | Wait | `MAX` |\n";
        assert!(table(source).unwrap().ends_with(row), "{}", table(source).unwrap());
        assert!(table("codes! { MAX }").is_err());
    }
}
