//! Calls that start a task or a thread: they take the current context along.

use proc_macro2::{Delimiter, TokenStream};
use syn::Signature;

use super::{callee::Callee, groups::replace_groups, scope::Scope, spawned::carry_first};

/// Wraps spawned tasks, so that their spans become children of the current one. Returns `tokens` unchanged if none is
/// spawned.
///
/// ```text
/// // Input:
/// tokio::spawn(async move { work().await })
/// web::block(job)
/// set.spawn(future)
/// // Output:
/// tokio::spawn(::otel_actix::__private::carry(async move { work().await }))
/// web::block(match (job) {
///     __otel_spawned => {
///         use ::otel_actix::__private::{CarryAny as _, CarryBoxed as _, CarryClosure as _, CarryFuture as _};
///         let __otel_kind = (&&&&::otel_actix::__private::Spawned(&__otel_spawned)).__otel_kind();
///         __otel_kind.carry(__otel_spawned)
///     }
/// })
/// set.spawn({
///     use ::otel_actix::__private::{CarryAny as _, CarryBoxed as _, CarryClosure as _, CarryFuture as _};
///     let __otel_kind = (&&&&&::otel_actix::__private::Passed(&future)).__otel_kind();
///     __otel_kind.carry(future)
/// })
/// ```
pub(crate) fn carry_into_tasks(sig: &Signature, tokens: TokenStream, private: &TokenStream) -> TokenStream {
    let scope = Scope { sig, body: &tokens, private };
    carried(&tokens, &scope).unwrap_or(tokens)
}

fn carried(tokens: &TokenStream, scope: &Scope<'_>) -> Option<TokenStream> {
    replace_groups(tokens, |tokens, at, group| {
        let inside = carried(&group.stream(), scope);
        let callee = Callee::before(tokens, at).filter(|_| group.delimiter() == Delimiter::Parenthesis);
        let Some(callee) = callee else { return inside };
        let arguments = inside.clone().unwrap_or_else(|| group.stream());
        carry_first(arguments, callee, scope, group.span_open()).or(inside)
    })
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Group, TokenTree};
    use quote::quote;
    use syn::parse_quote;

    use super::*;

    fn carried(tokens: TokenStream) -> String {
        carry_into_tasks(&parse_quote!(fn f(job: Job)), tokens, &quote!(p)).to_string()
    }

    #[test]
    fn blocks_and_closures_are_wrapped_as_they_are() {
        assert_eq!(carried(quote!(tokio::spawn(async move { a }))), "tokio :: spawn (p :: carry (async move { a }))");
        assert_eq!(carried(quote!(std::thread::spawn(|| a))), "std :: thread :: spawn (p :: carry_fn (|| a))");
        assert_eq!(
            carried(quote!(set.spawn_on(async { a }, &handle))),
            "set . spawn_on (p :: carry (async { a }) , & handle)"
        );
    }

    #[test]
    fn anything_else_is_decided_by_its_type() {
        for tokens in [
            quote!(actix_web::rt::spawn(work(1, 2))),
            quote!(set.spawn(fetch(url))),
            quote!(set.spawn_on(worker.clone().run(), &handle)),
            quote!(tokio::spawn(async {}.boxed())),
        ] {
            assert!(carried(tokens.clone()).contains("__otel_kind . carry (__otel_spawned)"), "{tokens}");
        }
        assert!(carried(quote!(web::block::<F, u8>(job))).contains("match (job) {"));
        assert!(carried(quote!(set.spawn(job))).contains("__otel_kind . carry (job)"));
    }

    #[test]
    fn a_name_that_no_binding_introduces_is_left_to_methods() {
        for tokens in
            [quote!(set.spawn(work)), quote!(a.spawn(work) + b.spawn(work) + work() + work::one() + c.spawn(job.x))]
        {
            assert_eq!(carried(tokens.clone()), tokens.to_string());
        }
        for tokens in [
            quote!(let work = || 1; set.spawn(work)),
            quote!(if let Some(work) = next() {
                set.spawn(work)
            }),
            quote!(for work in all {
                set.spawn(work)
            }),
            quote!(all.map(|work| set.spawn(work))),
            quote!(set.spawn_blocking(work)),
            quote!(rt::spawn(work)),
        ] {
            assert!(carried(tokens.clone()).contains("__otel_kind . carry"), "{tokens}");
        }
    }

    #[test]
    fn what_goes_into_a_box_is_carried_in_there() {
        assert_eq!(
            carried(quote!(set.spawn(Box::pin(async { a })))),
            "set . spawn (Box :: pin (p :: carry (async { a })))"
        );
        assert!(
            carried(quote!(rt::spawn(std::boxed::Box::pin(work(1)))))
                .starts_with("rt :: spawn (std :: boxed :: Box :: pin (match (work (1)) {")
        );
    }

    /// Unchanged groups keep the places of their delimiters.
    #[test]
    fn groups_without_a_task_are_the_very_same() {
        let scope = Scope { sig: &parse_quote!(fn f()), body: &quote!(), private: &quote!(p) };
        assert!(super::carried(&quote!({ a(b, [c]) } tokio::spawn()), &scope).is_none());
        assert!(super::carried(&quote!({ tokio::spawn(async {}) }), &scope).is_some());
    }

    #[test]
    fn spawns_inside_spawns_and_macros_are_wrapped_too() {
        let output = carried(quote!(tokio::spawn(async { join!(tokio::spawn(async { b })) })));
        assert_eq!(output.matches("p :: carry (").count(), 2, "{output}");
    }

    #[test]
    fn a_comma_in_generics_ends_no_argument() {
        for (argument, wrapped) in [
            (quote!(move || -> Result<User, DbError> { find(id) }), "p :: carry_fn ("),
            (quote!(move || rows.into_iter().collect::<HashMap<_, _>>()), "p :: carry_fn ("),
            (quote!(worker::<Db, Cache>(pool)), "match ("),
            (quote!(async move { a < b }), "p :: carry ("),
        ] {
            for rest in [quote!(), quote!(,), quote!(, handle, b)] {
                let output = carried(quote!(task::spawn(#argument #rest)));
                assert!(output.contains(&format!("{wrapped}{argument}")), "{output}");
                assert!(output.ends_with(&format!("{rest})")), "{output}");
            }
        }
        assert_eq!(carried(quote!(task::spawn(a b, c))), "task :: spawn (a b , c)");
    }

    #[test]
    fn what_a_macro_was_given_is_seen_through() {
        let group = TokenTree::Group(Group::new(Delimiter::None, quote!(async { a })));
        assert!(carried(quote!(set.spawn(#group))).contains("p :: carry"));
    }

    #[test]
    fn unrelated_calls_are_untouched() {
        for tokens in [
            quote!(my::spawn(async {})),
            quote!(spawn(async {})),
            quote!(commands.spawn((A, B))),
            quote!(command.spawn()),
            quote!(scope.spawn(|scope| a)),
            quote!(world.spawn(name.into())),
            quote!(world.spawn(Box::new(Actor))),
            quote!(tokio::spawn()),
            quote!(thread_pool.spawn(move |a, b| a)),
        ] {
            assert_eq!(carried(tokens.clone()), tokens.to_string());
        }
    }
}
