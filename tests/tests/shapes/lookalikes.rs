//! Other items with names that the attribute knows.

mod apps {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    trait Screen {
        fn size(&self) -> u32;
    }

    impl Screen for u32 {
        fn size(&self) -> u32 {
            *self
        }
    }

    struct App<T>(T);

    #[auto_instrument]
    fn of_a_type(size: u32) -> App<u32> {
        App(size)
    }

    #[auto_instrument]
    fn of_any_screen(size: u32) -> App<impl Screen> {
        App(size)
    }

    mod borrowed {
        use otel_actix::auto_instrument;

        pub struct App<'a>(pub &'a str);

        #[auto_instrument]
        pub fn of_a_text(text: &str) -> App<'_> {
            App(text)
        }
    }

    #[test]
    fn of_other_libraries_have_a_span_of_their_own() {
        let spans = tree(|| {
            assert_eq!(of_a_type(1).0 + of_any_screen(2).0.size(), 3);
            assert_eq!(borrowed::of_a_text("a").0, "a");
        });
        assert_eq!(spans, "of_a_type\nof_any_screen\nof_a_text\n");
    }
}

mod mains {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    mod command {
        pub fn main() -> u32 {
            1
        }

        pub struct Program;

        impl Program {
            pub fn main() -> u32 {
                2
            }

            pub fn start(&self) -> u32 {
                Self::main()
            }
        }
    }

    struct Tool;

    #[auto_instrument]
    impl Tool {
        fn main() -> u32 {
            3
        }
    }

    /// Alone, it may be the program's `main`: an argument has to declare that it is not.
    #[auto_instrument(init = false, app = false)]
    fn main() -> u32 {
        4
    }

    #[test]
    fn that_are_not_the_programs_are_functions_like_any_other() {
        let spans = tree(|| {
            let sum = command::main() + command::Program.start() + Tool::main() + main();
            assert_eq!(sum, 10);
        });
        assert_eq!(spans, "main\nProgram::start\n  Program::main\nTool::main\nmain\n");
    }
}

mod boxed_futures {
    use std::pin::Pin;

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    mod of_their_own {
        use otel_actix::auto_instrument;

        /// A description of a future, and not a future.
        pub struct BoxFuture<T>(pub T);

        #[auto_instrument]
        pub fn described(number: u32) -> BoxFuture<u32> {
            BoxFuture(number)
        }
    }

    type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
    type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

    #[auto_instrument]
    fn alias(number: u32) -> BoxFuture<Result<u32, String>> {
        Box::pin(async move { if number == 0 { Err("zero".to_owned()) } else { Ok(number) } })
    }

    #[auto_instrument]
    fn local_alias(number: &u32) -> LocalBoxFuture<'_, u32> {
        Box::pin(async move { inner(*number) })
    }

    #[auto_instrument]
    fn inner(number: u32) -> u32 {
        number
    }

    #[test]
    fn are_known_by_their_type() {
        let spans = async_tree(|| async {
            assert_eq!(of_their_own::described(1).0, 1);
            assert_eq!(alias(0).await, Err("zero".to_owned()));
            assert_eq!(local_alias(&2).await, 2);
        });
        assert_eq!(spans, "described\nalias !alloc::string::String \"zero\"\nlocal_alias\n  inner\n");
    }
}

mod executors {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    trait Task {
        fn run(self) -> u32;
    }

    impl<F: FnOnce() -> u32> Task for F {
        fn run(self) -> u32 {
            self()
        }
    }

    trait Executor {
        fn spawn<T: Task>(&self, task: T) -> u32 {
            task.run()
        }
    }

    struct Inline;

    impl Executor for Inline {}

    struct Pointers;

    impl Pointers {
        fn spawn(&self, work: fn() -> u32) -> u32 {
            work()
        }
    }

    fn work() -> u32 {
        inner()
    }

    #[auto_instrument]
    fn inner() -> u32 {
        1
    }

    #[auto_instrument]
    fn outer(executor: &impl Executor, pointer: fn() -> u32) -> u32 {
        let closure = || inner();
        let owned = String::from("a");
        let owning = move || u32::try_from(owned.len()).unwrap() + inner();
        executor.spawn(pointer) + executor.spawn(owning) + executor.spawn(closure) + Pointers.spawn(pointer)
    }

    #[test]
    fn get_what_they_take() {
        let spans = tree(|| assert_eq!(outer(&Inline, work), 5));
        assert_eq!(spans, "outer\n".to_owned() + &"  inner\n".repeat(4));
    }

    #[auto_instrument]
    fn functions() -> u32 {
        Pointers.spawn(work) + Pointers.spawn(self::work) + Inline.spawn(work) + work()
    }

    #[test]
    fn get_functions_by_their_names() {
        let spans = tree(|| assert_eq!(functions(), 4));
        assert_eq!(spans, "functions\n".to_owned() + &"  inner\n".repeat(4));
    }

    /// Each method asks more of a closure than to be called once.
    struct Workers;

    impl Workers {
        fn spawn<F: Fn() -> u32 + Clone>(&self, job: F) -> u32 {
            let again = job.clone();
            again() + job() + job()
        }

        fn spawn_local(&self, mut job: impl FnMut() -> u32) -> u32 {
            job() + job()
        }

        fn spawn_on<F: FnOnce() -> Box<dyn std::fmt::Debug>>(&self, job: F, _worker: u32) -> String {
            format!("{:?}", job())
        }

        fn spawn_blocking(&self, job: impl FnOnce() -> String) -> String {
            job()
        }
    }

    #[auto_instrument]
    fn often(start: u32) -> u32 {
        let list = [start];
        let mut count = start;
        let borrowing = Workers.spawn(|| list[0] + inner()) + Workers.spawn(|| -> u32 { inner() });
        let moving = Workers.spawn(move || list[0] + inner()) + Workers.spawn(move || -> u32 { inner() });
        let changing = Workers.spawn_local(|| {
            count += inner();
            count
        });
        let changing_a_copy = Workers.spawn_local(move || {
            count += inner();
            count
        });
        borrowing + moving + changing + changing_a_copy + count
    }

    #[auto_instrument]
    fn once(is_number: bool, text: String) -> String {
        let number = Workers.spawn_on(|| Box::new(inner()), 1);
        let either = move || -> Box<dyn std::fmt::Debug> { Box::new(inner()) };
        let named = Workers.spawn_on(either, 2);
        let chosen = Workers.spawn_on(move || if is_number { Box::new(inner()) } else { Box::new("none") }, 3);
        let consumed = Workers.spawn_blocking(|| text);
        let inferred = Workers.spawn_blocking(|| "a".into()) + &Workers.spawn_blocking(move || "b".into());
        [number, named, chosen, consumed, inferred].concat()
    }

    #[auto_instrument]
    fn scoped(numbers: &mut [u32]) -> u32 {
        let mut sum = 0;
        std::thread::scope(|scope| {
            scope.spawn(|| sum += inner());
            let greatest = scope.spawn(move || numbers.iter_mut().max()).join().unwrap();
            *greatest.unwrap() += inner();
        });
        sum
    }

    #[test]
    fn call_closures_as_they_could_without_the_attribute() {
        let spans = tree(|| assert_eq!(often(1), 6 + 3 + 6 + 3 + 5 + 9 + 3));
        assert_eq!(spans, "often\n".to_owned() + &"  inner\n".repeat(16));
        let spans = tree(|| assert_eq!(once(true, "text".to_owned()), "111textab"));
        assert_eq!(spans, "once\n".to_owned() + &"  inner\n".repeat(3));
        let mut numbers = [1, 2];
        let spans = tree(|| assert_eq!(scoped(&mut numbers), 1));
        assert_eq!((numbers, spans), ([1, 3], "scoped\n".to_owned() + &"  inner\n".repeat(2)));
    }
}

mod servers {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    struct HttpServer(u32);

    impl HttpServer {
        fn new(make: impl Fn() -> u32) -> Self {
            Self(make())
        }

        fn two(first: u32, second: u32) -> Self {
            Self(first + second)
        }
    }

    mod with_port {
        pub struct HttpServer(pub u32);

        impl HttpServer {
            pub fn new(port: u32, backlog: u32) -> Self {
                Self(port + backlog)
            }
        }
    }

    #[auto_instrument]
    fn start() -> u32 {
        HttpServer::new(|| 1).0
    }

    #[auto_instrument]
    fn with_two() -> u32 {
        with_port::HttpServer::new(1, 2).0 + HttpServer::two(1, 2).0
    }

    #[auto_instrument(app = false)]
    fn with_number() -> u32 {
        mod plain {
            pub struct HttpServer(pub u8);

            impl HttpServer {
                pub fn new(number: u8) -> Self {
                    Self(number)
                }
            }
        }
        plain::HttpServer::new(1).0.into()
    }

    #[test]
    fn of_other_libraries_start_as_without_the_attribute() {
        let spans = tree(|| assert_eq!((start(), with_two(), with_number()), (1, 6, 1)));
        assert_eq!(spans, "with_two\n");
    }
}
