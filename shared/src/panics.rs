//! An actor's panic belongs into its trace, not on stderr.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use tracing::Span;

thread_local! {
    /// What the hook learned of the panic that now unwinds this thread: only the hook is told the place.
    static HELD_BACK: Cell<Option<String>> = const { Cell::new(None) };
}

/// From now on, the panic of an actor is told in its trace alone; every other goes to the hook that was there.
pub fn hold_back_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if is_acting() { HELD_BACK.set(Some(describe(info))) } else { previous(info) }
        }));
    });
}

/// An actor's span is entered as long as its thread runs or its task is polled.
fn is_acting() -> bool {
    Span::current().metadata().is_some_and(|span| span.name() == "actor")
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let message = message(info.payload());
    match info.location() {
        Some(place) => format!("{message} ({}:{})", place.file(), place.line()),
        None => message.into(),
    }
}

/// The message of the panic that was just caught on this thread.
pub(crate) fn take_message(payload: &(dyn Any + Send)) -> String {
    HELD_BACK.take().unwrap_or_else(|| message(payload).into())
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message")
}
