#[auto_instrument(nmae = "x", kind = "internl", root, root, init = false)]
fn work() {}
