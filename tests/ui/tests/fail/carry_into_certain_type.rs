//! Methods whose argument cannot be one that carries a context: the messages name `carry`.

use otel_actix::auto_instrument;

struct Pool;

impl Pool {
    fn spawn(&self, job: fn() -> u8) -> u8 {
        job()
    }

    fn spawn_local<F: Fn() -> u8>(&self, job: F) -> u8 {
        job() + job()
    }
}

#[auto_instrument]
fn pointer() -> u8 {
    Pool.spawn(|| 1)
}

#[auto_instrument]
fn called_twice() -> u8 {
    let job = || 1;
    Pool.spawn_local(job)
}

#[auto_instrument(carry = false)]
fn left_alone() -> u8 {
    let job = || 1;
    Pool.spawn(|| 1) + Pool.spawn(job) + Pool.spawn_local(job)
}

fn main() {
    pointer();
    called_twice();
    left_alone();
}
