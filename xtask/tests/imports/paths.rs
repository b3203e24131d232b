//! Paths: those of an import, and those where the parser leaves tokens as they are, in macros and
//! attributes.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::UseTree;

/// Macros whose tokens are code for another crate.
const QUOTES: [&str; 4] = ["parse_quote", "parse_quote_spanned", "quote", "quote_spanned"];

/// One name of an import: the path that is imported, and the name that it gets. All of a module
/// is the name `*`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Imported {
    pub(crate) path: Vec<String>,
    pub(crate) name: String,
}

/// All that a tree of imports imports.
pub(crate) fn imported(tree: &UseTree) -> Vec<Imported> {
    let mut all = Vec::new();
    collect(Vec::new(), tree, &mut all);
    all
}

fn collect(mut path: Vec<String>, tree: &UseTree, all: &mut Vec<Imported>) {
    let (ident, name) = match tree {
        UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            return collect(path, &tree.tree, all);
        }
        UseTree::Group(group) => {
            let trees = group.items.iter();
            return trees.for_each(|tree| collect(path.clone(), tree, all));
        }
        UseTree::Glob(_) => ("*".to_owned(), "*".to_owned()),
        UseTree::Name(name) => (name.ident.to_string(), name.ident.to_string()),
        UseTree::Rename(rename) => (rename.ident.to_string(), rename.rename.to_string()),
    };
    // `self` in a group is the module that the group is of.
    let module = path.last().filter(|_| ident == "self").cloned();
    let name = if name == "self" { module.clone().unwrap_or(name) } else { name };
    if module.is_none() {
        path.push(ident);
    }
    all.push(Imported { path, name });
}

/// Each path of at least two segments, of imports too.
pub(crate) fn in_tokens(tokens: TokenStream) -> Vec<Vec<String>> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut paths = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(_) => {
                let length = path_length(&tokens[at..]);
                if !is_foreign(&tokens, at) && length > 1 {
                    let path = tokens[at..at + length].iter().cloned().collect();
                    let tree = syn::parse2::<UseTree>(path).map(|tree| imported(&tree));
                    let tree = tree.unwrap_or_default().into_iter();
                    paths.extend(tree.map(|imported| imported.path).filter(|path| path.len() > 1));
                }
                at += length;
                // Past the `!` and what is quoted.
                if is_quote(&tokens[at - 1].to_string()) && is_body(&tokens[at..]) {
                    at += 2;
                }
            }
            TokenTree::Group(group) => {
                paths.extend(in_tokens(group.stream()));
                at += 1;
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => at += 1,
        }
    }
    paths
}

/// Whether the tokens of the macro with this name are code for another crate.
pub(crate) fn is_quote(name: &str) -> bool {
    QUOTES.contains(&name)
}

/// Whether the tokens are the `!` and the body of a macro.
fn is_body(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [bang, TokenTree::Group(_), ..] if is_punct(bang, "!"))
}

/// How many tokens the path has that the first one begins.
fn path_length(tokens: &[TokenTree]) -> usize {
    let mut length = 1;
    while let [first, second, next, ..] = &tokens[length..]
        && is_punct(first, ":")
        && is_punct(second, ":")
    {
        match next {
            TokenTree::Ident(_) => length += 3,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return length + 3,
            TokenTree::Punct(punct) if punct.as_char() == '*' => return length + 3,
            _ => break,
        }
    }
    length
}

fn is_punct(token: &TokenTree, characters: &str) -> bool {
    matches!(token, TokenTree::Punct(punct) if characters.contains(punct.as_char()))
}

/// Whether what begins at `at` is no path of this crate: `$crate::a`, `::a` and `value.a`.
fn is_foreign(tokens: &[TokenTree], at: usize) -> bool {
    match tokens[..at] {
        [.., TokenTree::Punct(ref first), TokenTree::Punct(ref last)] if last.as_char() == ':' => {
            first.as_char() == ':' && first.spacing() == Spacing::Joint
        }
        [.., ref last] => is_punct(last, "$."),
        [] => false,
    }
}

/// Each path in a string, as in `#[serde(with = "crate::dates")]`.
pub(crate) fn in_literals(tokens: TokenStream) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => paths.extend(in_literals(group.stream())),
            TokenTree::Literal(literal) => {
                let text = syn::parse_str::<syn::LitStr>(&literal.to_string());
                let path = text.and_then(|text| text.parse::<syn::Path>());
                if let Ok(path) = path
                    && path.leading_colon.is_none()
                    && path.segments.len() > 1
                {
                    let segments = path.segments.iter();
                    paths.push(segments.map(|segment| segment.ident.to_string()).collect());
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
    paths
}
