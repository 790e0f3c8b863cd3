//! `fields(..)` and `args(..)`.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Ident, LitStr, Result, Token, ext::IdentExt, parenthesized, parse::ParseStream, parse::Parser,
    punctuated::Punctuated, spanned::Spanned,
};

use super::{
    FieldArgument, Name,
    error::{error, wrong_value},
};

pub(super) fn list<T>(
    name: Name,
    ident: &Ident,
    input: ParseStream<'_>,
    item: fn(ParseStream<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    if !input.peek(syn::token::Paren) {
        return Err(wrong_value(name, ident.span(), "a list in parentheses"));
    }
    let content;
    parenthesized!(content in input);
    let items = Punctuated::<T, Token![,]>::parse_terminated_with(&content, item).map_err(|error| {
        // Otherwise syn also reports the rest as "unexpected token".
        let _ = content.parse::<TokenStream>();
        if error.to_string().contains("help: ") { error } else { missing_comma(name, error.span()) }
    })?;
    Ok(items.into_iter().collect())
}

/// `order.id = expr`, `"order.id" = expr`
pub(super) fn field(input: ParseStream<'_>) -> Result<FieldArgument> {
    let key = if input.peek(LitStr) {
        input.parse()?
    } else {
        let parts = Punctuated::<Ident, Token![.]>::parse_separated_nonempty_with(input, Ident::parse_any)
            .map_err(|error| wrong_value(Name::Fields, error.span(), "`key = value` pairs"))?;
        let key: Vec<String> = parts.iter().map(|part| part.unraw().to_string()).collect();
        LitStr::new(&key.join("."), parts.span())
    };
    if !input.peek(Token![=]) {
        return Err(wrong_value(Name::Fields, key.span(), "`key = value` pairs"));
    }
    input.parse::<Token![=]>()?;
    let value = input.parse().map_err(|error| wrong_value(Name::Fields, error.span(), "an expression"))?;
    Ok(FieldArgument { key, value })
}

/// The name of a parameter. Any other expression is an error that proposes `fields(..)`.
pub(super) fn parameter(input: ParseStream<'_>) -> Result<Ident> {
    let mut item = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        item.extend([input.parse::<TokenTree>()?]);
    }
    if let Ok(name) = Ident::parse_any.parse2(item.clone()) {
        return Ok(name);
    }
    let is_expression =
        item.clone().into_iter().any(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == '.'));
    let mut names = item.clone().into_iter().filter_map(|token| match token {
        TokenTree::Ident(ident) if ident != "mut" && ident != "ref" => Some(ident),
        _ => None,
    });
    let help = if is_expression {
        names.last().map(|last| format!("write `fields({last} = {item})`", item = compact(&item)))
    } else {
        names.next().map(|first| format!("write `args({first})`"))
    };
    let help = help.unwrap_or_else(|| format!("write `{}`", Name::Args.example()));
    Err(syn::Error::new_spanned(item, format!("expected names of parameters for `args`\n\nhelp: {help}")))
}

/// `self.id` rather than `self . id`
fn compact(tokens: &TokenStream) -> String {
    tokens.to_string().replace(" . ", ".").replace("& ", "&").replace(" (", "(")
}

fn missing_comma(list: Name, place: Span) -> syn::Error {
    let list = list.as_str();
    error(place, &format!("expected `,` between the items of `{list}`"), &format!("write `{list}(.., ..)`"))
}

/// Reports the second of two equal keys.
pub(super) fn once(keys: impl Iterator<Item = (String, Span)>) -> Result<()> {
    let mut seen = Vec::new();
    for (key, place) in keys {
        if seen.contains(&key) {
            return Err(error(place, &format!("duplicate key `{key}`"), "give it once"));
        }
        seen.push(key);
    }
    Ok(())
}
