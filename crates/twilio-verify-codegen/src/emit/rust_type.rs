//! Takes the generator's types apart.

use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{GenericArgument, Ident, PathArguments, Type, TypePath, parse_quote};

/// Returns the name of a type, without its module and its arguments.
pub(super) fn last_segment(kind: &Type) -> Option<String> {
    match kind {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// Returns the first type argument: the `T` of an `Option<T>`.
pub(super) fn inner(kind: &Type) -> Option<Type> {
    let Type::Path(path) = kind else {
        return None;
    };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner.clone()),
        _ => None,
    }
}

/// Returns the name of a generated type: the `Service` of `types::Service`.
pub(super) fn is_generated(kind: &Type) -> Option<String> {
    let Type::Path(path) = kind else {
        return None;
    };
    let mut segments = path.path.segments.iter().rev();
    let name = segments.next()?.ident.to_string();
    match segments.next() {
        Some(module) if module.ident == "types" => Some(name),
        // Code within the module itself has no prefix.
        None => Some(name),
        Some(_) => None,
    }
}

/// Returns a type as it is written outside of the module of the generated types.
pub(super) fn qualified(kind: &Type) -> Type {
    struct Qualify;
    impl VisitMut for Qualify {
        fn visit_type_path_mut(&mut self, path: &mut TypePath) {
            syn::visit_mut::visit_type_path_mut(self, path);
            let is_own = path.path.leading_colon.is_none() && path.path.segments.len() == 1;
            let name = path.path.segments.first().map(|name| name.ident.to_string());
            let is_primitive = |name: &str| name.starts_with(|c: char| c.is_ascii_lowercase());
            if is_own && name.is_some_and(|name| !is_primitive(&name)) {
                let own = &path.path;
                *path = parse_quote!(types::#own);
            }
        }
    }
    let mut kind = kind.clone();
    Qualify.visit_type_mut(&mut kind);
    kind
}

/// Whether a type is a text: a `String`, redacted or not.
pub(super) fn is_string(kind: &Type) -> bool {
    let tokens = quote!(#kind).to_string().replace(' ', "");
    ["::std::string::String", "crate::Redacted<::std::string::String>"].contains(&tokens.as_str())
}

/// Returns a name without the prefix of a raw identifier.
pub(super) fn plain_name(name: &Ident) -> String {
    name.to_string().trim_start_matches("r#").to_owned()
}
