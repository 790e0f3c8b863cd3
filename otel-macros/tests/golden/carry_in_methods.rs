#[auto_instrument]
fn begin(pool: &Pool, job: Job) {
    pool.spawn(move || job.run());
    pool.spawn(|| pool.drain());
    pool.spawn(work);
}
