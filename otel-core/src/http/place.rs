//! Boxes that are used again: a request allocates nothing for its state.

use std::cell::RefCell;
use std::thread::LocalKey;

/// A box that may be empty.
pub(super) type Place<T> = Box<Option<T>>;

/// The empty boxes of a thread.
pub(super) type Vacant<T> = RefCell<Vec<Place<T>>>;

/// Empty boxes that a thread keeps at most: more than requests are usually in flight.
const MOST: usize = 256;

/// Puts the value into a box that was used before, if there is one.
#[expect(clippy::unnecessary_box_returns, reason = "the box is what is used again")]
pub(super) fn filled<T>(vacant: &'static LocalKey<Vacant<T>>, value: T) -> Place<T> {
    match vacant.try_with(|vacant| vacant.try_borrow_mut().ok().and_then(|mut vacant| vacant.pop())) {
        Ok(Some(mut place)) => {
            *place = Some(value);
            place
        }
        _ => Box::new(Some(value)),
    }
}

/// Drops the value and keeps its box.
pub(super) fn vacate<T>(vacant: &'static LocalKey<Vacant<T>>, mut place: Place<T>) {
    *place = None;
    // Refused only while the thread ends.
    let _ = vacant.try_with(|vacant| {
        if let Ok(mut vacant) = vacant.try_borrow_mut()
            && vacant.len() < MOST
        {
            vacant.push(place);
        }
    });
}
