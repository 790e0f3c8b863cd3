//! The tokens in the attribute's parentheses → [`Args`].

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{Ident, LitBool, LitStr, Path, Result, Token, ext::IdentExt, parse::ParseStream, parse::Parser};

use super::{
    Args, Err, Name,
    error::{error, wrong_value},
    lists, name,
};
use crate::diagnostics::Diagnostics;

/// The values of `kind`, and the variants of `opentelemetry::trace::SpanKind`.
const KINDS: [(&str, &str); 5] = [
    ("internal", "Internal"),
    ("client", "Client"),
    ("producer", "Producer"),
    ("consumer", "Consumer"),
    ("server", "Server"),
];

impl Args {
    /// Adds the arguments in `tokens`. A wrong argument is reported to `diagnostics` and has no effect.
    pub(crate) fn read(mut self, tokens: TokenStream, diagnostics: &mut Diagnostics) -> Self {
        let all = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(error) = self.argument(input) {
                    diagnostics.push(error);
                    skip_to_comma(input)?;
                }
                if !input.is_empty() {
                    comma(input)?;
                }
            }
            Ok(())
        };
        if let Err(error) = all.parse2(tokens) {
            diagnostics.push(error);
        }
        self.check_skip(diagnostics);
        self
    }

    /// Reads one argument: its name, and its value if the name has one. Names that are unknown or given twice are errors.
    fn argument(&mut self, input: ParseStream<'_>) -> Result<()> {
        let ident = input.call(Ident::parse_any).map_err(|wrong| not_a_name(input, wrong.span()))?;
        let text = ident.unraw().to_string();
        let Some(name) = Name::from_str(&text) else {
            let valid = name::list(Name::ALL.iter().copied());
            return Err(error(
                ident.span(),
                &format!("unknown argument `{text}`"),
                &format!("expected one of {valid}"),
            ));
        };
        if self.place_of(name).is_some() {
            return Err(error(ident.span(), &format!("duplicate argument `{text}`"), "give it once"));
        }
        self.given.push((name, ident.span()));
        self.value(name, &ident, input)
    }

    /// Reads the part of an argument that comes after its name, and stores it.
    fn value(&mut self, name: Name, ident: &Ident, input: ParseStream<'_>) -> Result<()> {
        match name {
            Name::Ret => self.ret = flag(name, input)?,
            Name::Root => self.root = flag(name, input)?,
            Name::Handler => self.handler = flag(name, input)?,
            Name::Skip => self.skip = flag(name, input)?,
            Name::Called => self.name = Some(text(name, ident, input)?),
            Name::Service => self.service_name = Some(text(name, ident, input)?),
            Name::Kind => self.kind = Some(kind(&text(name, ident, input)?)?),
            Name::Err => self.err = err(ident, input)?,
            Name::Carry => self.carry = switch(name, ident, input)?,
            Name::Init => self.init = switch(name, ident, input)?,
            Name::App => self.app = switch(name, ident, input)?,
            Name::Crate => self.krate = Some(path(name, ident, input)?),
            Name::Server => self.server = path(name, ident, input)?.segments.last().map(|last| last.ident.clone()),
            Name::Links => {
                equals(name, ident, input)?;
                self.links =
                    Some(input.parse().map_err(|error| wrong_value(name, place(&error, ident), "an expression"))?);
            }
            Name::Fields => {
                self.fields = lists::list(name, ident, input, lists::field)?;
                lists::once(self.fields.iter().map(|field| (field.key.value(), field.key.span())))?;
            }
            Name::Args => {
                self.parameters = lists::list(name, ident, input, lists::parameter)?;
                lists::once(self.parameters.iter().map(|parameter| (parameter.to_string(), parameter.span())))?;
            }
        }
        Ok(())
    }

    /// Reports arguments beside `skip`, which would have no effect.
    fn check_skip(&self, diagnostics: &mut Diagnostics) {
        if !self.skip {
            return;
        }
        if let Some((other, place)) = self.given.iter().find(|(given, _)| *given != Name::Skip) {
            diagnostics.error(
                *place,
                &format!("`{}` contradicts `skip`", other.as_str()),
                "`skip` leaves the item alone; remove one of the two",
            );
        }
    }
}

/// Other crates read `#[attribute("charge")]` as a name.
fn not_a_name(input: ParseStream<'_>, place: Span) -> syn::Error {
    let valid = name::list(Name::ALL.iter().copied());
    let help = match input.fork().parse::<LitStr>() {
        Ok(text) => format!("write `name = {}`", text.token()),
        Err(_) => format!("expected one of {valid}"),
    };
    error(place, "expected the name of an argument", &help)
}

/// Reads the comma between two arguments. After an error the rest is skipped, because it cannot be split into arguments.
fn comma(input: ParseStream<'_>) -> Result<()> {
    if input.parse::<Token![,]>().is_ok() {
        return Ok(());
    }
    let place = input.span();
    // Otherwise syn also reports the rest as "unexpected token".
    let _: TokenStream = input.parse()?;
    Err(error(place, "expected `,` between arguments", "write `name = \"charge card\", kind = \"client\"`"))
}

/// The place where a value was expected. An error behind the last token is reported at the argument's name.
fn place(error: &syn::Error, name: &Ident) -> Span {
    let at_the_end = error.to_string().starts_with("unexpected end of input");
    if at_the_end { name.span() } else { error.span() }
}

/// Skips to the next argument after an error, so that its mistakes are reported too.
fn skip_to_comma(input: ParseStream<'_>) -> Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// Reads the end of an argument without a value: `ret`.
fn flag(name: Name, input: ParseStream<'_>) -> Result<bool> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(true);
    }
    Err(wrong_value(name, input.span(), "no value"))
}

/// Reads the `=` before a value.
fn equals(name: Name, ident: &Ident, input: ParseStream<'_>) -> Result<()> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        return Ok(());
    }
    Err(wrong_value(name, ident.span(), "a value"))
}

/// Reads `= ".."`. An empty text is an error.
fn text(name: Name, ident: &Ident, input: ParseStream<'_>) -> Result<LitStr> {
    equals(name, ident, input)?;
    let text: LitStr = input.parse().map_err(|error| wrong_value(name, place(&error, ident), "a string literal"))?;
    if text.value().is_empty() { Err(wrong_value(name, text.span(), "a string that is not empty")) } else { Ok(text) }
}

/// Reads `= true` or `= false`.
fn switch(name: Name, ident: &Ident, input: ParseStream<'_>) -> Result<bool> {
    equals(name, ident, input)?;
    let value: LitBool = input.parse().map_err(|error| wrong_value(name, place(&error, ident), "`true` or `false`"))?;
    Ok(value.value)
}

/// Reads `= a::path`, without generic arguments.
fn path(name: Name, ident: &Ident, input: ParseStream<'_>) -> Result<Path> {
    equals(name, ident, input)?;
    input.call(Path::parse_mod_style).map_err(|error| wrong_value(name, place(&error, ident), "a path"))
}

/// The variant for a span kind. It has the span of the literal, so that the compiler's messages point there.
fn kind(text: &LitStr) -> Result<Ident> {
    let value = text.value();
    let variant = KINDS.iter().find(|(name, _)| *name == value).map(|(_, variant)| Ident::new(variant, text.span()));
    variant.ok_or_else(|| {
        let help = "expected one of \"internal\", \"client\", \"producer\", \"consumer\" and \"server\"";
        error(text.span(), &format!("unknown span kind \"{value}\""), help)
    })
}

/// Reads the value of `err`: `false`, `"type"` or `"message"`.
fn err(ident: &Ident, input: ParseStream<'_>) -> Result<Err> {
    equals(Name::Err, ident, input)?;
    let value: syn::Lit = input.parse().map_err(|error| wrong_err(place(&error, ident)))?;
    match &value {
        syn::Lit::Bool(value) if !value.value => Ok(Err::Ignored),
        syn::Lit::Str(text) if text.value() == "type" => Ok(Err::Type),
        syn::Lit::Str(text) if text.value() == "message" => Ok(Err::Message),
        other => Err(wrong_err(other.span())),
    }
}

fn wrong_err(span: Span) -> syn::Error {
    wrong_value(Name::Err, span, "`false`, `\"type\"` or `\"message\"`")
}
