#[auto_instrument(carry = false)]
fn fan_out(job: Job) {
    std::thread::spawn(move || job.run());
}
