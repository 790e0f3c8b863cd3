//! The arguments of the attribute.

mod name_and_kind {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument(name = "charge card", kind = "client")]
    async fn charge() {}

    #[auto_instrument(kind = "producer")]
    fn publish() {}

    #[auto_instrument(kind = "consumer")]
    fn consume() {}

    #[auto_instrument(kind = "server")]
    fn serve() {}

    #[auto_instrument(kind = "internal")]
    fn work() {}

    #[test]
    fn are_on_the_span() {
        let spans = async_tree(|| async {
            charge().await;
            publish();
            consume();
            serve();
            work();
        });
        assert_eq!(spans, "charge card [Client]\npublish [Producer]\nconsume [Consumer]\nserve [Server]\nwork\n");
    }
}

mod fields {
    use std::sync::Arc;

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument(fields(
        order.id = id,
        "quoted-key" = "text",
        owned = name,
        shared = Arc::<str>::from("shared"),
        big = u64::MAX,
        ratio = 0.5_f32,
        flag = id > 1,
        list = ["a", "b"],
        numbers = vec![1_u8, 2],
        some = Some(1),
        none = None::<u32>,
    ))]
    async fn typed(id: u32, name: String) -> String {
        name
    }

    #[test]
    fn keep_their_types_and_do_not_move_what_they_record() {
        assert_eq!(
            async_tree(|| typed(7, "me".to_owned())),
            "typed order.id=7 quoted-key=text owned=me shared=shared big=18446744073709551615 ratio=0.5 flag=true \
             list=[\"a\",\"b\"] numbers=[1,2] some=1\n"
        );
    }
}

mod args_and_ret {
    use std::fmt;

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[derive(Debug)]
    struct OnlyDebug;

    struct Shown;

    impl fmt::Display for Shown {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("shown")
        }
    }

    #[auto_instrument(args(number, text, debugged, shown), ret)]
    async fn all(number: i64, text: &str, debugged: &OnlyDebug, shown: Shown, secret: &str) -> Result<Shown, String> {
        if text.is_empty() { Err(format!("{number}{debugged:?}{secret}")) } else { Ok(shown) }
    }

    #[auto_instrument(ret)]
    fn sync() -> Vec<u32> {
        vec![1]
    }

    struct Account {
        id: u32,
    }

    impl Account {
        #[auto_instrument(args(amount), fields(account = self.id))]
        fn pay(&self, amount: u32) -> u32 {
            self.id + amount
        }
    }

    #[test]
    fn are_recorded_as_well_as_their_types_allow() {
        assert_eq!(
            async_tree(|| all(1, "text", &OnlyDebug, Shown, "hidden")),
            "all number=1 text=text debugged=OnlyDebug shown=shown return=shown\n"
        );
        assert_eq!(
            async_tree(|| all(1, "", &OnlyDebug, Shown, "x")),
            "all number=1 text= debugged=OnlyDebug shown=shown !alloc::string::String \"1OnlyDebugx\"\n"
        );
        assert_eq!(async_tree(|| async { sync() }), "sync return=[1]\n");
        assert_eq!(async_tree(|| async { Account { id: 1 }.pay(2) }), "pay account=1 amount=2\n");
    }
}

mod root_and_links {
    use opentelemetry::{
        Context,
        trace::{SpanContext, SpanId, TraceContextExt as _},
    };
    use otel_actix::auto_instrument;

    use crate::tree::{spans_called, tree};

    #[auto_instrument(root, links = from)]
    fn a_new_trace(from: SpanContext) -> SpanContext {
        Context::current().span().span_context().clone()
    }

    #[test]
    fn start_a_trace_and_point_back() {
        let mut inside = None;
        let mut outside = None;
        let spans = tree(|| {
            let context = Context::current().span().span_context().clone();
            inside = Some(a_new_trace(context.clone()));
            outside = Some(context);
        });
        assert_eq!(spans, "");
        let (inside, outside) = (inside.unwrap(), outside.unwrap());
        assert_ne!(inside.trace_id(), outside.trace_id());
        let span = spans_called("a_new_trace").pop().unwrap();
        assert_eq!(span.parent_span_id, SpanId::INVALID);
        assert_eq!(span.links.iter().map(|link| link.span_context.span_id()).collect::<Vec<_>>(), [outside.span_id()]);
    }
}
