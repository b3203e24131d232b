//! Generates a builder for every operation: a constructor with the required values, a setter for
//! each other value, the checks, and the ways to send it.
//!
//! A builder is generic over the `Sender` that sends its request, like the clients that tonic
//! generates are over their transport.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Field, Fields, FnArg, Ident, Item, ItemStruct, Pat, Type, parse_quote};

use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;
use crate::document::names::{self, Taken, pascal};
use crate::document::operation::method_name;
use crate::document::schema::target;
use crate::emit::methods::Method;
use crate::emit::requests::{Presence, check_value, is_option, is_required, is_text, wire_name};
use crate::emit::rust_type::{inner, is_generated, last_segment, plain_name, qualified};
use crate::emit::support;

/// The methods of every builder, and the arguments of every constructor.
const TAKEN: [&str; 5] = ["faults", "new", "request", "send", "sender"];

/// The other names that list builders have.
const OF_LISTS: [&str; 5] = ["limit", "page_size", "page_url", "pages", "items"];

/// Generates the builders of all operations. Returns them with their operation.
pub(super) fn builders(
    document: &Document,
    file: &syn::File,
    methods: &[Method],
) -> Vec<(Value, Vec<Item>)> {
    let structs = structs(file);
    let mut taken = Taken::default();
    let builders = methods.iter().map(|method| {
        let names = names(method, &mut taken);
        let items = names.iter().flat_map(|(name, settings)| {
            Builder::new(document, &structs, method, name, settings).items()
        });
        (method.operation.clone(), items.collect())
    });
    builders.collect()
}

/// Returns the unique names of an operation's builders, with the settings that the overlay has for
/// them.
fn names<'a>(method: &'a Method, taken: &mut Taken) -> Vec<(String, &'a Value)> {
    let given = method.operation.get(mark::REQUESTS).and_then(Value::as_object);
    let given = given.into_iter().flatten();
    let mut names: Vec<(String, &Value)> =
        given.map(|(name, settings)| (pascal(name), settings)).collect();
    if names.is_empty() {
        names.push((pascal(&method_name(&method.operation)), &Value::Null));
    }
    for (name, _) in &mut names {
        *name = match syn::parse_str::<Ident>(name) {
            Ok(_) => taken.free(name),
            Err(_) => taken.numbered(name),
        };
    }
    names
}

/// Returns the generated structs, by name.
fn structs(file: &syn::File) -> BTreeMap<String, &ItemStruct> {
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    let items = modules.flat_map(|(_, items)| items);
    items
        .filter_map(|item| match item {
            Item::Struct(item) => Some((item.ident.to_string(), item)),
            _ => None,
        })
        .collect()
}

/// A value that a builder is created with.
struct Argument {
    name: Ident,
    kind: TokenStream,
    /// The conversion of the value for the builder's field or the struct's constructor.
    value: TokenStream,
    doc: String,
    /// Whether the caller may pass an invalid value.
    is_parsed: bool,
}

struct Builder<'a> {
    document: &'a Document,
    structs: &'a BTreeMap<String, &'a ItemStruct>,
    method: &'a Method,
    name: Ident,
    settings: &'a Value,
    /// The builder's fields, without the sender.
    fields: Vec<TokenStream>,
    /// The initial values of the fields.
    made: Vec<TokenStream>,
    arguments: Vec<Argument>,
    setters: Vec<TokenStream>,
    /// The setters' names, by the name of the field on the wire.
    set: BTreeMap<String, (Ident, TokenStream)>,
    /// The start of its request: the checks, and a variable for each of the method's arguments.
    checks: Vec<TokenStream>,
    variables: Vec<TokenStream>,
    taken: Taken,
    /// Whether callers may pass invalid values.
    has_faults: bool,
}

impl<'a> Builder<'a> {
    fn new(
        document: &'a Document,
        structs: &'a BTreeMap<String, &'a ItemStruct>,
        method: &'a Method,
        name: &str,
        settings: &'a Value,
    ) -> Self {
        let of_lists = OF_LISTS.iter().filter(|_| method.item.is_some());
        let taken = TAKEN.iter().chain(of_lists);
        let mut builder = Self {
            document,
            structs,
            method,
            name: format_ident!("{name}"),
            settings,
            fields: Vec::new(),
            made: Vec::new(),
            arguments: Vec::new(),
            setters: Vec::new(),
            set: BTreeMap::new(),
            checks: Vec::new(),
            variables: Vec::new(),
            taken: taken.copied().collect(),
            has_faults: false,
        };
        builder.parameters();
        builder.query();
        builder.body();
        builder.orders();
        builder.together();
        builder
    }

    fn operation(&self) -> &'a Value {
        &self.method.operation
    }

    /// Adds the parameters of the path and the headers, which are arguments of the method.
    fn parameters(&mut self) {
        let parameters = self.operation().get("parameters").and_then(Value::as_array);
        let parameters = parameters.into_iter().flatten();
        let parameters: BTreeMap<String, &Value> =
            parameters.map(|parameter| (argument_name(parameter), parameter)).collect();
        for input in &self.method.function.sig.inputs {
            let FnArg::Typed(input) = input else { continue };
            let (Pat::Ident(pattern), kind) = (&*input.pat, &*input.ty) else {
                continue;
            };
            let name = pattern.ident.clone();
            if name == "body" {
                continue;
            }
            let parameter = parameters.get(&name.to_string());
            let doc = parameter.map_or("", |parameter| text(parameter, "description"));
            let schema = parameter.and_then(|parameter| parameter.get("schema"));
            self.parameter(&name, kind, doc, schema);
        }
    }

    fn parameter(&mut self, name: &Ident, kind: &Type, doc: &str, schema: Option<&Value>) {
        let plain = plain_name(name);
        self.taken.insert(&*plain);
        let optional = last_segment(kind).is_some_and(|last| last == "Option");
        let held = if optional { inner(kind) } else { Some(kind.clone()) };
        let Some(held) = held else { return };
        // Everyone who logs a request's URL or headers sees the values in them, so a text is
        // redacted: it may be personal data.
        let (field, given, value, variable) = match &held {
            Type::Reference(reference) => {
                let target = &*reference.elem;
                if is_str(&held) {
                    (
                        quote!(crate::Redacted<String>),
                        quote!(impl Into<String>),
                        quote!(crate::Redacted::new(#name.into())),
                        if optional {
                            quote!(self.#name.as_ref().map(|text| text.expose().as_str()))
                        } else {
                            quote!(self.#name.expose().as_str())
                        },
                    )
                } else {
                    let variable =
                        if optional { quote!(self.#name.as_ref()) } else { quote!(&self.#name) };
                    let (given, value) = match schema {
                        Some(schema) if self.is_parsed(schema) => {
                            self.has_faults = true;
                            let value = match optional {
                                true => quote!(self.faults.optional(#plain, #name)),
                                false => quote!(faults.required(#plain, #name)),
                            };
                            (quote!(impl crate::IntoValue<#target>), value)
                        }
                        _ if optional => (quote!(#target), quote!(Some(#name))),
                        _ => (quote!(#target), quote!(#name)),
                    };
                    (quote!(#target), given, value, variable)
                }
            }
            other => (quote!(#other), quote!(#other), quote!(#name), quote!(self.#name)),
        };
        let is_parsed = schema.is_some_and(|schema| self.is_parsed(schema));
        self.variables.push(quote!(let #name = #variable;));
        if let Some(schema) = schema {
            self.check_parameter(&plain, name, schema, optional, &held);
        }
        if optional {
            self.fields.push(quote!(#name: Option<#field>));
            self.made.push(quote!(#name: None));
            let doc = docs(doc);
            let value = match is_reference(&held) && !is_str(&held) {
                true => value,
                false => quote!(Some(#value)),
            };
            self.setters.push(quote! {
                #(#doc)*
                pub fn #name(mut self, #name: #given) -> Self {
                    self.#name = #value;
                    self
                }
            });
        } else {
            self.fields.push(quote!(#name: #field));
            self.made.push(quote!(#name));
            self.arguments.push(Argument {
                name: name.clone(),
                kind: given,
                value: if *name == value.to_string() {
                    quote!()
                } else {
                    quote!(let #name = #value;)
                },
                doc: doc.to_owned(),
                is_parsed,
            });
        }
    }

    fn check_parameter(
        &mut self,
        plain: &str,
        name: &Ident,
        schema: &Value,
        optional: bool,
        kind: &Type,
    ) {
        let value = if optional { quote!(self.#name.as_ref()) } else { quote!(Some(&self.#name)) };
        let is_str = is_str(kind);
        let presence = Presence { required: !optional, text: is_str && !optional };
        self.checks.extend(check_value(self.document, schema, plain, &value, presence));
        if optional {
            return;
        }
        // A value in the path must not name another resource.
        if is_str {
            self.checks.push(quote!(crate::check::segment(#plain, &self.#name)?;));
        } else if self.is_enum(schema) {
            self.checks.push(quote!(crate::check::segment(#plain, self.#name.as_str())?;));
        }
    }

    /// Whether it can be set from text: a SID, an enum, or a hand-written type whose setters take
    /// no other type.
    fn is_parsed(&self, schema: &Value) -> bool {
        is_parsed(self.document, schema)
    }

    fn is_enum(&self, schema: &Value) -> bool {
        let component = target(schema).and_then(|name| self.document.component(name));
        component.is_some_and(|component| component.get(mark::OPEN_ENUM).is_some())
    }

    /// Adds the query, which is a struct.
    fn query(&mut self) {
        let Some(name) = self.operation().get(mark::QUERY).and_then(target) else {
            return;
        };
        let Some(item) = self.structs.get(name).copied() else {
            return;
        };
        self.whole(&format_ident!("query"), item);
        let size = self.page_size();
        if let Some((size, max)) = size.filter(|_| self.method.item.is_some()) {
            self.variables.push(quote! {
                let mut query = self.query.clone();
                query.#size = crate::page_size(query.#size, self.limit, #max);
                let query = &query;
            });
        } else {
            self.variables.push(quote!(let query = &self.query;));
        }
    }

    /// Returns the field of the page size, and its maximum.
    fn page_size(&self) -> Option<(Ident, i64)> {
        let query = self.operation().get(mark::QUERY).and_then(target)?;
        let schema = self.document.component(query)?;
        let size = schema.get("properties")?.get("PageSize")?;
        let field = field_of(self.structs.get(query)?, "PageSize")?;
        let max = size.get("maximum").and_then(Value::as_i64);
        Some((field.ident.clone()?, max.unwrap_or(1000)))
    }

    /// Adds the body: a struct whose fields become arguments and setters, or a value that is passed
    /// as a whole.
    fn body(&mut self) {
        let inputs = self.method.function.sig.inputs.iter();
        let body = inputs.filter_map(|input| match input {
            FnArg::Typed(input) => Some(input),
            FnArg::Receiver(_) => None,
        });
        let body =
            body.filter(|input| matches!(&*input.pat, Pat::Ident(name) if name.ident == "body"));
        let Some(body) = body.map(|input| (*input.ty).clone()).next() else {
            return;
        };
        let generics = &self.method.function.sig.generics;
        let kind = match body {
            Type::Reference(reference) => *reference.elem,
            // `B: Into<Body>`, for a body of bytes.
            Type::Path(_) if is_parameter(generics, &body) => {
                let bytes = parse_quote!(::bytes::Bytes);
                self.whole_value(&bytes, &quote!(impl Into<#bytes>), &quote!(self.body.clone()));
                return;
            }
            // A body that may be null.
            Type::Path(_) if last_segment(&body).is_some_and(|last| last == "Option") => {
                if let Some(Type::Reference(held)) = inner(&body) {
                    let held = held.elem;
                    let kind = parse_quote!(Option<#held>);
                    self.whole_value(&kind, &quote!(#kind), &quote!(self.body.as_ref()));
                }
                return;
            }
            // A number or a flag.
            body => {
                self.whole_value(&body, &quote!(#body), &quote!(self.body));
                return;
            }
        };
        if last_segment(&kind).is_some_and(|last| last == "str") {
            let text = parse_quote!(crate::Redacted<String>);
            self.whole_value(
                &text,
                &quote!(impl Into<String>),
                &quote!(self.body.expose().as_str()),
            );
            return;
        }
        let name = is_generated(&kind).unwrap_or_default();
        let component = self.document.component(&name);
        let is_sent = component.is_some_and(|schema| schema.get(mark::RECEIVED).is_none());
        match self.structs.get(&name).copied() {
            Some(item) if is_sent && matches!(item.fields, Fields::Named(_)) => {
                self.whole(&format_ident!("body"), item);
                self.variables.push(quote!(let body = &self.body;));
            }
            _ => self.whole_value(&kind, &quote!(#kind), &quote!(&self.body)),
        }
    }

    /// Adds a body that is passed as a whole. The arguments are its type in the builder, its type
    /// in the constructor, and the value that is sent.
    fn whole_value(&mut self, kind: &Type, given: &TokenStream, variable: &TokenStream) {
        let is_given = quote!(#kind).to_string() == given.to_string();
        let value = if is_given {
            quote!()
        } else if last_segment(kind).is_some_and(|last| last == "Redacted") {
            quote!(let body = crate::Redacted::new(body.into());)
        } else {
            quote!(let body = body.into();)
        };
        self.fields.push(quote!(body: #kind));
        self.made.push(quote!(body));
        self.variables.push(quote!(let body = #variable;));
        self.arguments.push(Argument {
            name: format_ident!("body"),
            kind: given.clone(),
            value,
            doc: "The body of the request.".to_owned(),
            is_parsed: false,
        });
    }

    /// Adds a struct that is sent: its required fields are arguments, the others have setters.
    fn whole(&mut self, place: &Ident, item: &ItemStruct) {
        let name = &item.ident;
        let kind = quote!(types::#name);
        self.fields.push(quote!(#place: #kind));
        let schema = self.document.component(&name.to_string());
        let schema = schema.unwrap_or(&Value::Null);
        let mut required: Vec<(usize, Argument)> = Vec::new();
        let mut given = Vec::new();
        let order = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let order: BTreeMap<&str, usize> = order.filter_map(Value::as_str).zip(0..).collect();
        let mut optional = Vec::new();
        for field in &item.fields {
            let Some(ident) = &field.ident else { continue };
            if !is_required(field) {
                optional.push(field);
                continue;
            }
            let wire = wire_name(field);
            let argument = self.free(ident);
            let held = qualified(&field.ty);
            let property = schema.get("properties").and_then(|all| all.get(&wire));
            let is_parsed = property.is_some_and(|property| self.is_parsed(property));
            let (kind, value) = if is_text(field) {
                (quote!(impl Into<String>), quote!())
            } else if is_parsed {
                self.has_faults = true;
                let plain = plain_name(&argument);
                let value = quote!(let #argument = faults.required(#plain, #argument););
                (quote!(impl crate::IntoValue<#held>), value)
            } else {
                (quote!(#held), quote!())
            };
            given.push(quote!(#argument));
            let position = order.get(&*wire).copied();
            required.push((
                position.unwrap_or(usize::MAX),
                Argument { name: argument, kind, value, doc: doc_text(&field.attrs), is_parsed },
            ));
        }
        required.sort_by_key(|(position, _)| *position);
        self.arguments.extend(required.into_iter().map(|(_, argument)| argument));
        self.made.push(quote!(#place: #kind::new(#(#given),*)));
        self.checks.push(quote!(crate::Check::check(&self.#place)?;));
        for field in optional {
            self.field(&quote!(self.#place), "", schema, field);
        }
    }

    /// Adds the setter of an optional field.
    fn field(&mut self, place: &TokenStream, prefix: &str, schema: &Value, field: &Field) {
        let Some(ident) = &field.ident else { return };
        let wire = wire_name(field);
        let property = schema.get("properties").and_then(|all| all.get(&wire));
        let property = property.unwrap_or(&Value::Null);
        let of_pages = ["Page", "PageSize"].contains(&wire.as_str());
        if self.omits(&wire) || (self.method.item.is_some() && of_pages) {
            // Callers choose a page by its token, and its size with a method of all lists.
            return;
        }
        if property.get(mark::FLATTEN).is_some() && self.flatten(place, prefix, field) {
            return;
        }
        let name = format_ident!("{prefix}{}", plain_name(ident));
        let name = self.free(&name);
        let item = property.get(mark::ITEM);
        let arguments = item.and_then(|item| item.get("arguments")?.as_array());
        if let Some(arguments) = arguments {
            let arguments: Vec<&str> = arguments.iter().filter_map(Value::as_str).collect();
            self.item_setter(place, field, &name, &arguments);
            return;
        }
        let optional = is_option(field);
        let held = if optional { inner(&field.ty) } else { Some(field.ty.clone()) };
        let Some(held) = held.map(|held| qualified(&held)) else {
            return;
        };
        let attributes = doc_attributes(&field.attrs);
        let plain = plain_name(&name);
        if optional && self.is_parsed(property) {
            self.has_faults = true;
            let given = quote!(impl crate::IntoValue<#held>);
            self.set.insert(wire, (name.clone(), given.clone()));
            self.setters.push(quote! {
                #(#attributes)*
                pub fn #name(mut self, value: #given) -> Self {
                    #place.#ident = self.faults.optional(#plain, value);
                    self
                }
            });
            return;
        }
        let setter = Setter::of(self.document, property, &held);
        self.has_faults |= setter.is_list;
        let Setter { generics, given, value, .. } = &setter;
        let value = if optional { quote!(Some(#value)) } else { value.clone() };
        let refuse_empty =
            setter.is_list.then(|| quote!(self.faults.list(#plain, #place.#ident.is_empty());));
        self.set.insert(wire, (name.clone(), given.clone()));
        self.setters.push(quote! {
            #(#attributes)*
            pub fn #name #generics(mut self, value: #given) -> Self {
                #place.#ident = #value;
                #refuse_empty
                self
            }
        });
    }

    /// Adds a setter that appends an item to a list of objects, with the values of its properties
    /// as arguments.
    fn item_setter(
        &mut self,
        place: &TokenStream,
        field: &Field,
        name: &Ident,
        arguments: &[&str],
    ) {
        let ident = &field.ident;
        let attributes = doc_attributes(&field.attrs);
        let variables: Vec<Ident> =
            arguments.iter().map(|argument| format_ident!("{}", names::snake(argument))).collect();
        self.setters.push(quote! {
            #(#attributes)*
            pub fn #name(mut self, #(#variables: impl Into<String>),*) -> Self {
                let item = [#((#arguments, #variables.into())),*];
                #place.#ident.push(crate::JsonText::texts(item));
                self
            }
        });
    }

    /// Adds setters for the properties of a field, if all of them are optional. Returns whether it
    /// did.
    fn flatten(&mut self, place: &TokenStream, prefix: &str, field: &Field) -> bool {
        let Some(ident) = &field.ident else {
            return false;
        };
        let name = inner(&field.ty).and_then(|held| is_generated(&held));
        let Some(name) = name else { return false };
        let (Some(item), Some(schema)) =
            (self.structs.get(&name).copied(), self.document.component(&name))
        else {
            return false;
        };
        if item.fields.iter().any(is_required) {
            return false;
        }
        let place = quote!(#place.#ident.get_or_insert_default());
        for inner in &item.fields {
            let Some(inner_name) = &inner.ident else {
                continue;
            };
            let property = schema.get("properties").and_then(|all| all.get(wire_name(inner)));
            let nested = property.is_some_and(|property| property.get(mark::FLATTEN).is_some());
            let deeper = if nested {
                format!("{prefix}{}_", plain_name(inner_name))
            } else {
                prefix.to_owned()
            };
            if nested && self.flatten(&place, &deeper, inner) {
                continue;
            }
            self.field(&place, prefix, schema, inner);
        }
        true
    }

    fn omits(&self, wire: &str) -> bool {
        let omitted = self.settings.get("omits").and_then(Value::as_array);
        omitted.into_iter().flatten().any(|name| name == wire)
    }

    /// Adds checks for parameters of which one must not precede another.
    fn orders(&mut self) {
        let orders = self.operation().get(mark::ORDER).and_then(Value::as_array);
        for pair in orders.into_iter().flatten() {
            let field = |index: usize| {
                let wire = pair.get(index)?.as_str()?;
                let query = self.operation().get(mark::QUERY).and_then(target)?;
                let field = field_of(self.structs.get(query)?, wire)?;
                let ident = field.ident.clone()?;
                Some((plain_name(&ident), ident))
            };
            if let (Some((first, a)), Some((last, b))) = (field(0), field(1)) {
                self.checks.push(quote! {
                    crate::check::order(
                        (#first, self.query.#a.as_ref()),
                        (#last, self.query.#b.as_ref()),
                    )?;
                });
            }
        }
    }

    /// Adds setters of several fields that belong together.
    fn together(&mut self) {
        let together = self.operation().get(mark::TOGETHER).and_then(Value::as_object);
        for (name, group) in together.into_iter().flatten() {
            let fields = group.get("fields").and_then(Value::as_array);
            let fields: Option<Vec<(Ident, TokenStream)>> = fields
                .into_iter()
                .flatten()
                .map(|wire| self.set.get(wire.as_str()?).cloned())
                .collect();
            let Some(fields) = fields.filter(|fields| !fields.is_empty()) else {
                continue;
            };
            let name = self.free(&format_ident!("{name}"));
            let doc = docs(text(group, "description"));
            let arguments = fields.iter().map(|(name, kind)| quote!(#name: #kind));
            let calls = fields.iter().map(|(name, _)| quote!(.#name(#name)));
            self.setters.push(quote! {
                #(#doc)*
                pub fn #name(self, #(#arguments),*) -> Self {
                    self #(#calls)*
                }
            });
        }
    }

    /// Returns a name that no other argument or setter of the builder has.
    fn free(&mut self, name: &Ident) -> Ident {
        let plain = plain_name(name);
        let free = self.taken.free(&plain);
        if free == plain { name.clone() } else { format_ident!("{free}") }
    }

    fn items(self) -> Vec<Item> {
        let name = &self.name;
        let description = match text(self.settings, "description") {
            "" => text(self.operation(), "description"),
            own => own,
        };
        let doc = docs(description);
        let is_list = self.method.item.is_some();
        let must_use = if is_list {
            "nothing is sent until `pages` or `items` are read"
        } else {
            "nothing is sent until it is awaited"
        };
        let (mut fields, mut made) = (self.fields.clone(), self.made.clone());
        if is_list {
            fields.push(quote!(limit: Option<usize>));
            fields.push(quote!(page_url: Option<crate::Redacted<String>>));
            made.push(quote!(limit: None));
            made.push(quote!(page_url: None));
        }
        let mut faults = quote!();
        if self.has_faults {
            fields.push(quote!(faults: crate::Faults));
            made.push(quote!(faults));
            let parses = self.arguments.iter().any(|argument| argument.is_parsed);
            let mutable = parses.then(|| quote!(mut));
            faults = quote!(let #mutable faults = crate::Faults::default(););
        }
        let arguments =
            self.arguments.iter().map(|Argument { name, kind, .. }| quote!(#name: #kind));
        let values = self.arguments.iter().map(|argument| &argument.value);
        let new = docs(&self.constructor_doc());
        let setters = &self.setters;
        let mut items: Vec<Item> = vec![
            parse_quote! {
                #(#doc)*
                #[derive(Clone, Debug)]
                #[must_use = #must_use]
                pub struct #name<S> {
                    sender: S,
                    #(#fields),*
                }
            },
            parse_quote! {
                impl<S> #name<S> {
                    #(#new)*
                    pub fn new(sender: S, #(#arguments),*) -> Self {
                        #faults
                        #(#values)*
                        Self { sender, #(#made),* }
                    }
                }
            },
        ];
        // The methods that send come before the setters, of which there may be many.
        items.extend(if is_list { self.lists() } else { self.send() });
        if !setters.is_empty() {
            items.push(parse_quote!(impl<S> #name<S> { #(#setters)* }));
        }
        items.push(self.request());
        items
    }

    fn constructor_doc(&self) -> String {
        let mut doc = "Begins a request with its required values.".to_owned();
        if !self.arguments.is_empty() {
            doc.push('\n');
        }
        for Argument { name, doc: own, .. } in &self.arguments {
            let own = own.split_whitespace().collect::<Vec<_>>().join(" ");
            let colon = if own.is_empty() { "" } else { ": " };
            doc.push_str(&format!("\n- `{name}`{colon}{own}"));
        }
        doc
    }

    /// Builds the request, with the code that progenitor generated.
    fn request(&self) -> Item {
        let name = &self.name;
        let answer = &self.method.answer;
        let invalid = self.has_faults.then(|| quote!(self.faults.check()?;));
        let (checks, variables) = (&self.checks, &self.variables);
        let statements = &self.method.function.block.stmts;
        parse_quote! {
            impl<S> #name<S> {
                /// The request, checked and not sent.
                ///
                /// # Errors
                ///
                /// If a value is outside of its limits, or can't be written.
                pub fn request(&self) -> Result<crate::Request<#answer>, crate::RequestError> {
                    #invalid
                    #(#checks)*
                    #(#variables)*
                    #(#statements)*
                }
            }
        }
    }

    fn send(&self) -> Vec<Item> {
        let name = &self.name;
        let answer = &self.method.answer;
        let own = text(self.operation(), mark::ERRORS);
        let space = if own.is_empty() { "" } else { " " };
        let doc = docs(&format!(
            "Sends the request and reads the response, as awaiting the builder itself does.\n\n# Errors\n\nBefore anything is sent, if \
             a value is outside of its limits; the error names the field.{space}{own}"
        ));
        vec![
            parse_quote! {
                impl<S: crate::Sender> #name<S> {
                    #(#doc)*
                    pub async fn send(self) -> Result<#answer, S::Error> {
                        let request = self.request()?;
                        self.sender.send(request).await
                    }
                }
            },
            parse_quote!(crate::into_future!(#name, #answer);),
        ]
    }

    fn lists(&self) -> Vec<Item> {
        let name = &self.name;
        let operation = support::operation(self.operation());
        let Some(item) = &self.method.item else {
            return Vec::new();
        };
        let has_token = self.set.contains_key("PageToken");
        let size = self.page_size();
        let size_setter = size.as_ref().map(|(size, max)| {
            let doc = docs(&format!(
                "Sets the number of items on a page, from 1 to {max}. Default: the limit if there \
                 is one, otherwise the API's own."
            ));
            quote! {
                #(#doc)*
                pub fn page_size(mut self, size: impl Into<i64>) -> Self {
                    self.query.#size = Some(size.into());
                    self
                }
            }
        });
        let mut items: Vec<Item> = vec![
            parse_quote! {
                impl<S> #name<S> {
                    /// Sets the maximum number of items in all. Default: no maximum.
                    pub fn limit(mut self, limit: usize) -> Self {
                        self.limit = Some(limit);
                        self
                    }
                    #size_setter
                    /// Begins at the page with this URL, as an earlier page gave it, in place
                    /// of the first. The URL holds the filters, so that others have no effect.
                    pub fn page_url(mut self, url: impl Into<String>) -> Self {
                        self.page_url = Some(crate::Redacted::new(url.into()));
                        self
                    }
                }
            },
            parse_quote! {
                impl<S: crate::ListSender> #name<S> {
                    fn list(&self) -> crate::List<#item> {
                        crate::List {
                            operation: #operation,
                            start: match &self.page_url {
                                Some(url) => crate::ListStart::Url(url.clone()),
                                None => crate::ListStart::Request(self.request().map(Box::new)),
                            },
                            limit: self.limit,
                        }
                    }
                    /// The list, page by page.
                    ///
                    /// A page is an error, before anything is sent, if a filter or the page
                    /// size is outside of its limits.
                    pub fn pages(self) -> S::Pages<#item> {
                        let list = self.list();
                        self.sender.pages(list)
                    }
                    /// The list, item by item. Pages are fetched as they are needed.
                    pub fn items(self) -> S::Items<#item> {
                        let list = self.list();
                        self.sender.items(list)
                    }
                }
            },
        ];
        if has_token && size.is_some() {
            items.push(parse_quote!(crate::list_request!(#name, #item);));
        }
        items
    }
}

/// The parts of a setter.
struct Setter {
    generics: TokenStream,
    given: TokenStream,
    value: TokenStream,
    is_list: bool,
}

impl Setter {
    fn new(generics: TokenStream, given: TokenStream, value: TokenStream) -> Self {
        Self { generics, given, value, is_list: false }
    }

    fn of(document: &Document, property: &Value, kind: &Type) -> Self {
        let tokens = quote!(#kind).to_string().replace(' ', "");
        match tokens.as_str() {
            "::std::string::String" => {
                Self::new(quote!(), quote!(impl Into<String>), quote!(value.into()))
            }
            "crate::Redacted<::std::string::String>" => Self::new(
                quote!(),
                quote!(impl Into<String>),
                quote!(crate::Redacted::new(value.into())),
            ),
            "i64" => Self::new(quote!(), quote!(impl Into<i64>), quote!(value.into())),
            "crate::Redacted<i64>" => Self::new(
                quote!(),
                quote!(impl Into<i64>),
                quote!(crate::Redacted::new(value.into())),
            ),
            "crate::GmtDateTime" => Self::new(
                quote!(<Tz: ::chrono::TimeZone>),
                quote!(::chrono::DateTime<Tz>),
                quote!(value.into()),
            ),
            "crate::JsonText" if property.get(mark::TEXTS).is_some() => Self::new(
                quote!(<K: Into<String>, V: Into<String>>),
                quote!(impl IntoIterator<Item = (K, V)>),
                quote!(crate::JsonText::texts(value)),
            ),
            "crate::JsonText" => Self::new(
                quote!(),
                quote!(impl Into<::serde_json::Value>),
                quote!(crate::JsonText::new(value.into())),
            ),
            _ if last_segment(kind).is_some_and(|last| last == "Vec") => Self::list(kind),
            _ => match target(property).and_then(|name| document.component(name)) {
                Some(component) if component.get(mark::FROM).is_some() => {
                    let from: Option<Type> = syn::parse_str(text(component, mark::FROM)).ok();
                    let from = from.unwrap_or_else(|| kind.clone());
                    Self::new(quote!(), quote!(#from), quote!(value.into()))
                }
                _ => match inner(kind).filter(|_| tokens.starts_with("crate::Redacted<")) {
                    Some(held) => {
                        Self::new(quote!(), quote!(#held), quote!(crate::Redacted::new(value)))
                    }
                    None => Self::new(quote!(), quote!(#kind), quote!(value)),
                },
            },
        }
    }

    fn list(kind: &Type) -> Self {
        let held = inner(kind);
        let tokens = held.as_ref().map(|held| quote!(#held).to_string().replace(' ', ""));
        let (generics, item, value) = match (tokens.as_deref(), held) {
            (Some("::std::string::String"), _) => (
                quote!(<T: Into<String>>),
                quote!(T),
                quote!(value.into_iter().map(Into::into).collect()),
            ),
            (Some("crate::Redacted<::std::string::String>"), _) => (
                quote!(<T: Into<String>>),
                quote!(T),
                quote!(value.into_iter().map(|item| crate::Redacted::new(item.into())).collect()),
            ),
            (Some("crate::JsonText"), _) => (
                quote!(<T: Into<::serde_json::Value>>),
                quote!(T),
                quote!(value.into_iter().map(|item| crate::JsonText::new(item.into())).collect()),
            ),
            (_, Some(held)) => (quote!(), quote!(#held), quote!(value.into_iter().collect())),
            (_, None) => (quote!(), quote!(()), quote!(value.into_iter().collect())),
        };
        Self { generics, given: quote!(impl IntoIterator<Item = #item>), value, is_list: true }
    }
}

/// Whether a value can be set from text: a SID, an enum, or a hand-written type whose setters take
/// no other type.
fn is_parsed(document: &Document, schema: &Value) -> bool {
    let Some(name) = target(schema) else { return false };
    document.component(name).is_some_and(|component| {
        let has = |mark: &str| component.get(mark).is_some();
        // A date is set from a `DateTime` in any time zone.
        let is_date = text(component, mark::RUST_TYPE) == "crate::GmtDateTime";
        has(mark::SID) || has(mark::OPEN_ENUM) || (has(mark::VALUE) && !has(mark::FROM) && !is_date)
    })
}

fn is_reference(kind: &Type) -> bool {
    matches!(kind, Type::Reference(_))
}

fn is_str(kind: &Type) -> bool {
    matches!(kind, Type::Reference(reference)
        if last_segment(&reference.elem).is_some_and(|last| last == "str"))
}

/// Whether a type is one of these type parameters.
fn is_parameter(generics: &syn::Generics, kind: &Type) -> bool {
    let name = last_segment(kind).unwrap_or_default();
    generics.type_params().any(|parameter| parameter.ident == name)
}

/// Returns the name of a parameter as an argument.
fn argument_name(parameter: &Value) -> String {
    match text(parameter, mark::RUST_NAME) {
        "" => names::snake(text(parameter, "name")),
        given => given.to_owned(),
    }
}

/// Returns the field of a struct that has this name on the wire.
fn field_of<'a>(item: &'a ItemStruct, wire: &str) -> Option<&'a Field> {
    item.fields.iter().find(|field| wire_name(field) == wire)
}

/// Converts a text into documentation.
fn docs(text: &str) -> Vec<Attribute> {
    super::finish::doc_lines(text)
}

fn doc_attributes(attributes: &[Attribute]) -> Vec<&Attribute> {
    let docs = attributes.iter();
    docs.filter(|attribute| attribute.path().is_ident("doc")).collect()
}

fn doc_text(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(meta) if meta.path.is_ident("doc") => {
            super::finish::string(&meta.value)
        }
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
