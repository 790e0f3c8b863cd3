#[auto_instrument]
/// Docs stay.
#[inline]
pub fn tick(counter: &mut u32) {
    *counter += 1;
}
