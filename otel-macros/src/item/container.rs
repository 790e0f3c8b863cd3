//! An `impl` block, a `trait` or an inline module: a head kept as tokens, and members.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::{
    Attribute, Generics, ImplItem, Result, Token, TraitItem, Type, Visibility, braced,
    parse::{Parse, ParseStream},
    token::Brace,
};

use super::Function;
use crate::returns::short_lived_parameters;

/// A braced list of items.
pub(crate) struct Container {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) context: Context,
    /// From the visibility up to the opening brace.
    head: TokenStream,
    brace: Brace,
    inner_attrs: Vec<Attribute>,
    pub(crate) members: Vec<Member>,
}

/// The kind of container, and the type or trait in the names of its functions.
pub(crate) enum Context {
    /// `impl Type` or `impl Trait for Type`. `of` is the last segment of the type's path, `None` for a type without one.
    Impl {
        of: Option<Ident>,
        is_trait: bool,
        short_lived: Vec<Ident>,
    },
    /// A trait: spans go around the bodies that it provides.
    Trait {
        name: Option<Ident>,
        short_lived: Vec<Ident>,
    },
    Module,
}

/// An item between the braces.
pub(crate) enum Member {
    Function(Box<Function>),
    Container(Container),
    Other(TokenStream),
}

impl Container {
    /// Returns `true` if a container with braces comes next.
    pub(crate) fn is_next(input: ParseStream<'_>) -> bool {
        let head = input.fork();
        head.call(Attribute::parse_outer).is_ok() && Context::parse(&head).is_ok_and(|context| context.is_some())
    }

    /// The container with its members replaced by `members`.
    pub(crate) fn with_members(&self, members: impl IntoIterator<Item = TokenStream>) -> TokenStream {
        let mut tokens = TokenStream::new();
        tokens.append_all(&self.attrs);
        self.head.to_tokens(&mut tokens);
        self.brace.surround(&mut tokens, |tokens| {
            tokens.append_all(&self.inner_attrs);
            tokens.append_all(members);
        });
        tokens
    }
}

impl Parse for Container {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let context =
            Context::parse(&input.fork())?.ok_or_else(|| input.error("expected an `impl`, a `trait` or a module"))?;
        let (mut head, mut angles) = (TokenStream::new(), Angles::default());
        while !(input.is_empty() || input.peek(Brace) && angles.are_closed()) {
            let token = input.parse()?;
            angles.pass(&token);
            head.append(token);
        }
        let inside;
        let brace = braced!(inside in input);
        let inner_attrs = inside.call(Attribute::parse_inner)?;
        let mut members = Vec::new();
        while !inside.is_empty() {
            members.push(context.member(&inside)?);
        }
        Ok(Self { attrs, context, head, brace, inner_attrs, members })
    }
}

impl Context {
    /// Reads the head of a container; `None` when it is something else or has no braces.
    fn parse(head: ParseStream<'_>) -> Result<Option<Self>> {
        head.parse::<Visibility>()?;
        head.parse::<Option<Token![default]>>()?;
        head.parse::<Option<Token![unsafe]>>()?;
        head.parse::<Option<Token![auto]>>()?;
        let context = if head.peek(Token![impl]) {
            head.parse::<Token![impl]>()?;
            implementor(&head.fork()).unwrap_or(Self::Impl { of: None, is_trait: true, short_lived: Vec::new() })
        } else if head.peek(Token![trait]) {
            head.parse::<Token![trait]>()?;
            let (name, generics) = (head.fork(), head.fork());
            let name = name.parse().ok();
            generics.parse::<Option<Ident>>()?;
            let short_lived =
                generics.parse().map_or_else(|_| Vec::new(), |generics| short_lived_parameters(&generics));
            Self::Trait { name, short_lived }
        } else if head.peek(Token![mod]) {
            Self::Module
        } else {
            return Ok(None);
        };
        // Token by token: the rest of a module comes after the braces.
        let mut angles = Angles::default();
        while !head.is_empty() && !head.peek(Token![;]) {
            if head.peek(Brace) && angles.are_closed() {
                return Ok(Some(context));
            }
            angles.pass(&head.parse()?);
        }
        Ok(None)
    }

    /// Reads one item. All items but functions, and containers in a module, stay as tokens.
    fn member(&self, input: ParseStream<'_>) -> Result<Member> {
        if Function::is_next(input) {
            return input.parse().map(|function| Member::Function(Box::new(function)));
        }
        Ok(match self {
            Self::Impl { .. } => Member::Other(input.parse::<ImplItem>()?.into_token_stream()),
            Self::Trait { .. } => Member::Other(input.parse::<TraitItem>()?.into_token_stream()),
            Self::Module if Container::is_next(input) => Member::Container(input.parse()?),
            Self::Module => Member::Other(input.parse::<syn::Item>()?.into_token_stream()),
        })
    }

    /// The type or trait before `::method` in names.
    pub(crate) fn name(&self) -> Option<&Ident> {
        match self {
            Self::Impl { of, .. } => of.as_ref(),
            Self::Trait { name, .. } => name.as_ref(),
            Self::Module => None,
        }
    }

    /// The type parameters of its head that need not be `'static`.
    pub(crate) fn short_lived(&self) -> &[Ident] {
        match self {
            Self::Impl { short_lived, .. } | Self::Trait { short_lived, .. } => short_lived,
            Self::Module => &[],
        }
    }
}

/// Angle brackets in a head: braces inside of them are constants, `Matrix<{ N * 2 }>`.
#[derive(Default)]
struct Angles {
    open: usize,
    /// `true` after a minus, with which `>` is an arrow.
    after_minus: bool,
}

impl Angles {
    fn pass(&mut self, token: &TokenTree) {
        let character = if let TokenTree::Punct(punct) = token { Some(punct.as_char()) } else { None };
        match character {
            Some('<') => self.open += 1,
            Some('>') if !self.after_minus => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        self.after_minus = character == Some('-');
    }

    /// Returns `true` if the next brace opens the body.
    fn are_closed(&self) -> bool {
        self.open == 0
    }
}

/// `<..> Type where ..` or `<..> Trait for Type where ..`
fn implementor(input: ParseStream<'_>) -> Result<Context> {
    let mut generics = if input.peek(Token![<]) { input.parse()? } else { Generics::default() };
    input.parse::<Option<Token![const]>>()?;
    input.parse::<Option<Token![!]>>()?;
    let mut of: Type = input.parse()?;
    let is_trait = input.parse::<Option<Token![for]>>()?.is_some();
    if is_trait {
        of = input.parse()?;
    }
    generics.where_clause = input.parse()?;
    Ok(Context::Impl { of: type_name(&of), is_trait, short_lived: short_lived_parameters(&generics) })
}

fn type_name(ty: &Type) -> Option<Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.clone()),
        Type::Reference(reference) => type_name(&reference.elem),
        Type::Group(group) => type_name(&group.elem),
        Type::Paren(paren) => type_name(&paren.elem),
        _ => None,
    }
}
