//! Turns progenitor's methods, which send a request, into code that builds one: the sender decides
//! on credentials, deadlines and retries.

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;
use serde_json::Value;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, ImplItem, ImplItemFn, Item, Local, Pat, Stmt, Token, Type, parse_quote};

use super::finish::string;
use super::rust_type::{inner, is_generated, last_segment};
use super::{plain, support};
use crate::document::document::Document;
use crate::document::error::Error;
use crate::document::mark;
use crate::document::operation::method_name;

/// An operation, and the method that builds its request.
pub(super) struct Method {
    /// The lowered operation.
    pub(super) operation: Value,
    /// The generated method, up to where the request is built.
    pub(super) function: ImplItemFn,
    /// The type of the response.
    pub(super) answer: Type,
    /// The type of a list's items, if the response is a page of a list.
    pub(super) item: Option<Type>,
}

/// Takes the methods out of the generated file, and leaves the types.
pub(super) fn take(document: &Document, file: &mut syn::File) -> Result<Vec<Method>, Error> {
    let mut functions = Vec::new();
    file.items.retain_mut(|item| match item {
        Item::Mod(item) => item.ident == "types",
        Item::Impl(item) if item.trait_.is_none() => {
            functions.append(&mut item.items);
            false
        }
        _ => false,
    });
    let structs = structs(file);
    // An operation's method comes after a method of the client with that name, and replaces it.
    let mut functions: BTreeMap<String, ImplItemFn> = functions
        .into_iter()
        .filter_map(|item| match item {
            ImplItem::Fn(function) => Some((function.sig.ident.to_string(), function)),
            _ => None,
        })
        .collect();
    let mut methods = Vec::new();
    for (pointer, _, _, operation) in document.operations() {
        let function = functions.remove(&method_name(operation));
        let method = function.and_then(|mut function| {
            Rewire::new(operation).visit_impl_item_fn_mut(&mut function);
            build(operation, function, &structs)
        });
        let Some(method) = method else {
            let reason = "the generator's method for it has an unknown form";
            return Err(Error::document(&pointer, reason));
        };
        methods.push(method);
    }
    Ok(methods)
}

/// Cuts a method off after its request is built.
///
/// Progenitor's statements are the URL, a map of headers, which begins with one of its own, one for
/// each of the operation's headers, the request, and the call that sends it.
fn build(operation: &Value, mut method: ImplItemFn, structs: &BTreeSet<String>) -> Option<Method> {
    let mut answer = answer(&method.sig.output)?;
    let item = inner(&answer).filter(|_| last_segment(&answer).is_some_and(|last| last == "Page"));
    let is_struct = is_generated(&answer).is_some_and(|name| structs.contains(&name));
    let read = match &answer {
        Type::Tuple(_) if operation.get(mark::REDIRECT).is_some() => {
            answer = parse_quote!(crate::Location);
            quote!(redirect)
        }
        Type::Tuple(_) => quote!(empty),
        Type::Path(path) if path.path.is_ident("ByteStream") => {
            answer = parse_quote!(::std::vec::Vec<u8>);
            quote!(bytes)
        }
        _ if item.is_some() || is_struct => quote!(json),
        _ => quote!(value),
    };
    let mut arguments = Arguments::of(&method);
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
        query: operation.get(mark::QUERY).is_some(),
    };
    if builder.headers {
        // Removes progenitor's own header: Twilio has no `api-version`.
        begin.remove(1);
        statements.extend(begin);
    }
    statements.push(parse_quote!(let #name = #request;));
    for statement in statements.iter_mut() {
        builder.visit_stmt_mut(statement);
        arguments.visit_stmt_mut(statement);
    }
    let operation_path = builder.operation;
    let end = parse_quote!(Ok(crate::Request::#read(#operation_path, #name)));
    statements.push(Stmt::Expr(end, None));
    Some(Method { operation: operation.clone(), function: method, item, answer })
}

/// Returns the names of the generated structs.
fn structs(file: &syn::File) -> BTreeSet<String> {
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) => module.content.as_ref(),
        _ => None,
    });
    let structs = modules.flat_map(|(_, items)| items).filter_map(|item| match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        _ => None,
    });
    structs.collect()
}

/// Returns a local variable and its value.
fn local(statement: &Stmt) -> Option<(Ident, Expr)> {
    match statement {
        Stmt::Local(Local { pat: Pat::Ident(pattern), init: Some(init), .. }) => {
            Some((pattern.ident.clone(), (*init.expr).clone()))
        }
        _ => None,
    }
}

/// Returns the `T` of a method's `Result<ResponseValue<T>, _>`.
fn answer(output: &syn::ReturnType) -> Option<Type> {
    match output {
        syn::ReturnType::Type(_, output) => inner(&inner(output)?),
        syn::ReturnType::Default => None,
    }
}

/// Passes texts in a path by reference, where the generator copies them first.
struct Arguments {
    texts: BTreeSet<String>,
}

impl Arguments {
    /// Collects the arguments of a method that are texts.
    fn of(method: &ImplItemFn) -> Self {
        let texts = method.sig.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(input) => match (&*input.pat, &*input.ty) {
                (Pat::Ident(name), Type::Reference(kind)) => {
                    let is_text = last_segment(&kind.elem).is_some_and(|last| last == "str");
                    is_text.then(|| name.ident.to_string())
                }
                _ => None,
            },
            syn::FnArg::Receiver(_) => None,
        });
        Self { texts: texts.collect() }
    }
}

impl VisitMut for Arguments {
    /// Rewrites `format!("/path/{}", encode_path(&name.to_string()))`.
    fn visit_macro_mut(&mut self, item: &mut syn::Macro) {
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(mut arguments) = arguments.parse2(item.tokens.clone()) else {
            return;
        };
        for argument in &mut arguments {
            if let Expr::Call(call) = argument
                && let Some(Expr::Reference(value)) = call.args.first_mut()
                && let Expr::MethodCall(copy) = &*value.expr
                && copy.method == "to_string"
                && let Expr::Path(name) = &*copy.receiver
                && name.path.get_ident().is_some_and(|name| self.texts.contains(&name.to_string()))
            {
                let name = copy.receiver.clone();
                call.args = parse_quote!(#name);
            }
        }
        item.tokens = quote!(#arguments);
    }
}

/// Starts the request with the crate's own builder, which needs no base URL.
struct Builder {
    operation: syn::Path,
    /// Whether the operation has headers of its own.
    headers: bool,
    /// Whether the operation has a query.
    query: bool,
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
            let query = self.query.then(|| quote!(.query(query)?));
            *expression = parse_quote!(crate::RequestBuilder::new(#operation, #url) #query);
        }
    }

    /// Rewrites `format!("{}/path", self.baseurl, …)`.
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

    /// Replaces reqwest's header names by those of the crate `http`.
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if let Some(first) = path.segments.first_mut()
            && first.ident == "reqwest"
        {
            first.ident = parse_quote!(http);
        }
        visit_mut::visit_path_mut(self, path);
    }
}

/// Restores the names of a method's headers.
struct Rewire {
    header: BTreeMap<String, String>,
}

impl Rewire {
    fn new(operation: &Value) -> Self {
        Self { header: plain::renamed(operation, |place| place == "header") }
    }
}

impl VisitMut for Rewire {
    /// Rewrites `header_map.append("name", …)`.
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        if call.method == "append" {
            rename(call.args.first_mut(), &self.header);
        }
        visit_mut::visit_expr_method_call_mut(self, call);
    }
}

fn rename(argument: Option<&mut syn::Expr>, wires: &BTreeMap<String, String>) {
    if let Some(argument) = argument
        && let Some(wire) = string(argument).and_then(|name| wires.get(&name))
    {
        *argument = parse_quote!(#wire);
    }
}
