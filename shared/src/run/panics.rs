//! An actor's panic is recorded in its trace, not on stderr.

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use tracing::Span;

thread_local! {
    /// What the hook learned of the latest panic of this thread: only the hook knows the place.
    static HELD_BACK: Cell<Option<HeldBack>> = const { Cell::new(None) };
}

struct HeldBack {
    message: String,
    place: String,
}

/// From now on, the panic of an actor is recorded in its trace alone; every other goes to the hook that was there.
pub fn hold_back_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if is_acting() { HELD_BACK.set(Some(held_back(info))) } else { previous(info) }
        }));
    });
}

/// An actor's span is entered as long as its thread runs or its task is polled.
fn is_acting() -> bool {
    Span::current().metadata().is_some_and(|span| span.name() == "actor")
}

fn held_back(info: &PanicHookInfo<'_>) -> HeldBack {
    // Where std panics for somebody says nothing of them.
    let place = info.location().filter(|place| !place.file().starts_with("/rustc/"));
    let place = place.map_or_else(String::new, |place| format!(" ({}:{})", place.file(), place.line()));
    HeldBack { message: message(info.payload()).into(), place }
}

/// So many characters of a panic's message are recorded: it may be megabytes.
const LONGEST: usize = 1_000;

/// The message of the panic that was just caught on this thread, cut off where it is too long, with its place where that
/// is known.
pub(crate) fn take_message(payload: &(dyn Any + Send)) -> String {
    let message = message(payload);
    // An earlier panic that the actor caught itself has left its place here; one that is passed on from another thread
    // comes without the hook.
    let held = HELD_BACK.take().filter(|held| held.message == message);
    let place = held.map_or_else(String::new, |held| held.place);
    message.chars().take(LONGEST).chain(place.chars()).collect()
}

/// The message of a panic, without its place.
pub(crate) fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message")
}
