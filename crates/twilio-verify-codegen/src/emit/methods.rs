//! Makes methods that build a request of those that progenitor wrote to send
//! one: whoever sends it decides on credentials, deadlines and retries, and
//! is told of the operation and of the answer's type.

use std::collections::BTreeMap;

use quote::quote;
use serde_json::Value;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, Ident, ImplItem, ImplItemFn, Item, Local, Pat, Stmt, Token, Type, parse_quote,
};

use super::finish::string;
use super::{plain, support};
use crate::document::document::Document;
use crate::document::error::Error;
use crate::document::operation::method_name;

/// Leaves a method for each operation, and the types. The client itself is
/// the crate's that the code stands in.
pub(super) fn finish(document: &Document, file: &mut syn::File) -> Result<(), Error> {
    let mut methods = Vec::new();
    file.items.retain_mut(|item| match item {
        Item::Mod(item) => item.ident == "types",
        Item::Impl(item) if item.trait_.is_none() => {
            methods.append(&mut item.items);
            false
        }
        _ => false,
    });
    for (pointer, _, _, operation) in document.operations() {
        let name = method_name(operation);
        // The client's constructors come first.
        let method = methods.iter_mut().rev().find_map(|item| match item {
            ImplItem::Fn(method) if method.sig.ident == name => Some(method),
            _ => None,
        });
        let method = method.and_then(|method| {
            Rewire::new(operation).visit_impl_item_fn_mut(method);
            build(operation, method)
        });
        let Some(method) = method else {
            let reason = "the generator's method for it has no form that is known";
            return Err(Error::document(&pointer, reason));
        };
        file.items.push(parse_quote!(impl Client { #method }));
    }
    Ok(())
}

/// Ends a method where its request is built.
///
/// Progenitor's statements are the URL, a map of headers, which begins with
/// one of its own, one for each of the operation's headers, the request, and
/// how it is sent.
fn build<'a>(operation: &Value, method: &'a mut ImplItemFn) -> Option<&'a ImplItemFn> {
    let mut answer = answer(&method.sig.output)?;
    let read = match &answer {
        Type::Tuple(_) => quote!(empty),
        Type::Path(path) if path.path.is_ident("ByteStream") => {
            answer = parse_quote!(::std::vec::Vec<u8>);
            quote!(bytes)
        }
        _ => quote!(json),
    };
    let statements = &mut method.block.stmts;
    let place = statements
        .iter()
        .position(|statement| matches!(local(statement), Some((_, Expr::Try(_)))))?;
    statements.truncate(place + 1);
    let mut begin = statements.split_off(1);
    let (name, request) = local(&begin.pop()?)?;
    let mut builder = Builder {
        operation: support::operation(operation),
        headers: begin.len() > 2,
    };
    if builder.headers {
        // Twilio knows no `api-version`.
        begin.remove(1);
        statements.extend(begin);
    }
    statements.push(parse_quote!(let #name = #request;));
    for statement in statements.iter_mut() {
        builder.visit_stmt_mut(statement);
    }
    let operation = builder.operation;
    let end = parse_quote!(Ok(crate::Request::#read(#operation, #name)));
    statements.push(Stmt::Expr(end, None));
    method.sig.asyncness = None;
    method.sig.output = parse_quote!(-> Result<crate::Request<#answer>, crate::RequestError>);
    Some(method)
}

/// A local variable, and what it is set to.
fn local(statement: &Stmt) -> Option<(Ident, Expr)> {
    match statement {
        Stmt::Local(Local {
            pat: Pat::Ident(pattern),
            init: Some(init),
            ..
        }) => Some((pattern.ident.clone(), (*init.expr).clone())),
        _ => None,
    }
}

/// The `T` of a method's `Result<ResponseValue<T>, _>`.
fn answer(output: &syn::ReturnType) -> Option<Type> {
    fn first(outer: &Type) -> Option<&Type> {
        let Type::Path(path) = outer else {
            return None;
        };
        let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments
        else {
            return None;
        };
        match arguments.args.first()? {
            syn::GenericArgument::Type(inner) => Some(inner),
            _ => None,
        }
    }
    match output {
        syn::ReturnType::Type(_, output) => first(first(output)?).cloned(),
        syn::ReturnType::Default => None,
    }
}

/// Has the crate's own client begin the request, which knows the base URL.
struct Builder {
    operation: syn::Path,
    /// Whether the operation has headers of its own.
    headers: bool,
}

impl VisitMut for Builder {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::MethodCall(call) = expression else {
            return;
        };
        if call.method == "headers" && !self.headers {
            *expression = (*call.receiver).clone();
        } else if matches!(&*call.receiver, Expr::Field(_)) {
            let (operation, url) = (&self.operation, &call.args);
            *expression = parse_quote!(self.request(#operation, &#url));
        }
    }

    /// `format!("{}/path", self.baseurl, …)`.
    fn visit_macro_mut(&mut self, item: &mut syn::Macro) {
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(arguments) = arguments.parse2(item.tokens.clone()) else {
            return;
        };
        let mut arguments = arguments.into_iter();
        let path = arguments.next().as_ref().and_then(string);
        if let Some(path) = path.as_deref().and_then(|path| path.strip_prefix("{}")) {
            let arguments = arguments.skip(1);
            item.tokens = quote!(#path #(, #arguments)*);
        }
    }
}

/// Gives the parameters of a method their own names again.
struct Rewire {
    query: BTreeMap<String, String>,
    header: BTreeMap<String, String>,
    path: BTreeMap<String, String>,
}

impl Rewire {
    fn new(operation: &Value) -> Self {
        let wire = |place| plain::renamed(operation, place);
        Self {
            query: wire(|place| place == "query"),
            header: wire(|place| place == "header"),
            path: wire(|place| place == "path"),
        }
    }
}

impl VisitMut for Rewire {
    /// `QueryParam::new("name", …)`.
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        if let syn::Expr::Path(function) = &*call.func {
            let mut segments = function.path.segments.iter().rev();
            let is_new = segments.next().is_some_and(|last| last.ident == "new");
            if is_new
                && segments
                    .next()
                    .is_some_and(|last| last.ident == "QueryParam")
            {
                rename(call.args.first_mut(), &self.query);
            }
        }
        visit_mut::visit_expr_call_mut(self, call);
    }

    /// `header_map.append("name", …)`.
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        if call.method == "append" {
            rename(call.args.first_mut(), &self.header);
        }
        visit_mut::visit_expr_method_call_mut(self, call);
    }

    /// The path, which the documentation quotes.
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if let syn::Meta::NameValue(meta) = &mut attribute.meta
            && meta.path.is_ident("doc")
            && let Some(text) = string(&meta.value)
        {
            let text = self.path.iter().fold(text, |text, (name, wire)| {
                text.replace(&format!("{{{name}}}"), &format!("{{{wire}}}"))
            });
            meta.value = parse_quote!(#text);
        }
    }
}

fn rename(argument: Option<&mut syn::Expr>, wires: &BTreeMap<String, String>) {
    if let Some(argument) = argument
        && let Some(wire) = string(argument).and_then(|name| wires.get(&name))
    {
        *argument = parse_quote!(#wire);
    }
}
