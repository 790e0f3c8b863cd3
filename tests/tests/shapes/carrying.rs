//! Spawned values, by the type that the compiler finds; and calls that only look like spawning.

use std::{collections::HashMap, pin::Pin};

use actix_web::web;
use otel_actix::auto_instrument;
use tokio::task::JoinSet;

use crate::tree::async_tree;

#[auto_instrument]
async fn inner(_id: u32) -> u32 {
    1
}

#[auto_instrument]
fn sync() {}

mod comma_in_generics {
    use super::*;

    async fn worker<A, B>(a: A, _b: B) -> A {
        inner(1).await;
        a
    }

    #[auto_instrument]
    async fn outer(rows: Vec<(u32, u32)>) -> Result<usize, String> {
        let found = web::block(move || -> Result<u32, String> {
            sync();
            Ok(1)
        });
        let found = found.await.map_err(|error| error.to_string())??;
        let rows = tokio::task::spawn_blocking(move || rows.into_iter().collect::<HashMap<_, _>>()).await.unwrap();
        let a = tokio::task::spawn_local(worker::<u32, u8>(found, 1)).await.unwrap();
        Ok(rows.len() + a as usize)
    }

    #[test]
    fn does_not_end_the_argument() {
        assert_eq!(async_tree(|| async { assert_eq!(outer(vec![(1, 2)]).await, Ok(2)) }), "outer\n  sync\n  inner\n");
    }
}

mod methods {
    use super::*;

    #[derive(Clone)]
    struct Worker {
        id: u32,
    }

    impl Worker {
        async fn run(self) -> u32 {
            inner(self.id).await
        }
    }

    #[auto_instrument]
    async fn outer() {
        let worker = Worker { id: 1 };
        let mut set = JoinSet::new();
        let future = inner(1);
        let boxed: Pin<Box<dyn Future<Output = u32>>> = Box::pin(inner(2));
        set.spawn_local(inner(3));
        set.spawn_local(future);
        set.spawn_local(boxed);
        set.spawn_local(worker.clone().run());
        set.spawn_local(Worker { id: 5 }.run());
        set.spawn_local(Box::pin(inner(4)));
        set.spawn_blocking(|| {
            sync();
            1
        });
        while set.join_next().await.is_some() {}
    }

    #[test]
    fn futures_are_carried_however_they_are_written() {
        let spans = async_tree(outer);
        assert_eq!((spans.matches("\n  inner").count(), spans.lines().count()), (6, 8), "{spans}");
    }
}

/// Functions and methods of these names whose parameter has one certain type.
mod of_their_own {
    use super::*;

    type BoxFuture = Pin<Box<dyn Future<Output = u32> + Send>>;

    mod rt {
        pub async fn spawn(future: super::BoxFuture) -> u32 {
            actix_web::rt::spawn(future).await.unwrap()
        }
    }

    trait Actor {
        fn act(&self) -> usize;
    }

    impl Actor for u32 {
        fn act(&self) -> usize {
            1
        }
    }

    #[derive(Default)]
    struct World {
        names: Vec<String>,
    }

    impl World {
        fn named(&mut self, name: &str) {
            self.names.push(name.to_owned());
        }
    }

    struct Scene;

    impl Scene {
        fn spawn(&self, world: &mut World) {
            world.named("scene");
        }
    }

    struct Names<'a>(&'a mut World);

    impl Names<'_> {
        fn spawn(&mut self, name: &str) -> usize {
            self.0.named(name);
            self.0.names.len()
        }
    }

    struct Actors;

    impl Actors {
        fn spawn(&self, actor: Box<dyn Actor>) -> usize {
            actor.act()
        }
    }

    struct Jobs;

    impl Jobs {
        fn spawn(&self, job: Box<dyn FnOnce() + Send>) {
            job();
        }
    }

    struct Bundles;

    impl Bundles {
        fn spawn<B>(&self, bundle: B) -> B {
            bundle
        }
    }

    struct Processes;

    impl Processes {
        fn spawn(&self, command: &mut std::process::Command) -> usize {
            command.env_clear().get_args().count()
        }
    }

    #[auto_instrument]
    fn borrowed() -> usize {
        Processes.spawn(std::process::Command::new("ls").arg("-l").arg("-a"))
    }

    #[test]
    fn what_borrows_from_a_temporary_lives_as_long_as_without_the_attribute() {
        assert_eq!(async_tree(|| async { assert_eq!(borrowed(), 2) }), "borrowed\n");
    }

    #[auto_instrument]
    async fn outer(world: &mut World) -> usize {
        let scene = Scene;
        scene.spawn(world);
        scene.spawn(world);
        let text = String::from("name");
        let name = &text;
        let named = Names(world).spawn(name);
        let actor = Box::new(1);
        let acted = Actors.spawn(actor) + Actors.spawn(Box::new(2));
        let job: Box<dyn FnOnce() + Send> = Box::new(sync);
        Jobs.spawn(job);
        Jobs.spawn(Box::new(sync));
        let bundle: String = Bundles.spawn("a".into());
        let none: Option<u8> = Bundles.spawn(None);
        assert!(none.is_none() && bundle == "a");
        let boxed: BoxFuture = Box::pin(inner(1));
        rt::spawn(boxed).await;
        rt::spawn(Box::pin(inner(2))).await;
        rt::spawn(Box::pin(async { inner(3).await })).await;
        named + acted
    }

    #[test]
    fn get_what_they_take() {
        let spans = async_tree(|| async { assert_eq!(outer(&mut World::default()).await, 5) });
        assert_eq!(spans, "outer\n  sync\n  sync\n  inner\n  inner\n  inner\n");
    }
}
