#[auto_instrument]
fn begin(set: &mut JoinSet<()>, work: Work) {
    set.spawn(work);
}
