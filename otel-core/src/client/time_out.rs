//! Calls that a library gives up because their time is over.

use std::cell::Cell;

thread_local! {
    /// `true` while the thread gives up calls whose time is over.
    static IS_TIME_OVER: Cell<bool> = const { Cell::new(false) };
}

/// Gives up calls whose time is over: the spans of calls that are dropped meanwhile have `error.type` `timeout`.
///
/// A time-out outside of a library drops the future of the call. A span cannot distinguish this from a call that nobody needs any
/// more, unless the code drops the future within this function:
///
/// ```
/// # async fn call() {}
/// # async fn limited() {
/// let mut call = Box::pin(call());
/// if tokio::time::timeout(std::time::Duration::from_secs(1), &mut call).await.is_err() {
///     otel_core::client::time_out(|| drop(call));
/// }
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(limited());
/// ```
pub fn time_out(give_up: impl FnOnce()) {
    struct Restore(bool);

    impl Drop for Restore {
        fn drop(&mut self) {
            let _ = IS_TIME_OVER.try_with(|is_over| is_over.set(self.0));
        }
    }

    // Refused only while the thread ends.
    let _restore = Restore(IS_TIME_OVER.try_with(|is_over| is_over.replace(true)).unwrap_or_default());
    give_up();
}

/// The `error.type` of a call that is given up now; `None` if that is no error.
#[inline]
pub(super) fn error_of_given_up_call() -> Option<&'static str> {
    IS_TIME_OVER.try_with(Cell::get).unwrap_or_default().then_some("timeout")
}
