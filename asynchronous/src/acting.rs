//! How an actor is a task: it performs, it pauses, it is joined.

use std::future;
use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;
use std::task::Context;
use std::time::Duration;

use futures::FutureExt as _;
use shared::{Actor, Part, Performance};
use tokio::task::{self, JoinHandle};
use tokio::time;
use tracing::Instrument as _;

/// Makes a part, an actor or a stage's main line, into what a task can run.
pub trait Perform: Part {
    /// The body as this part performs it: within the part's span, from where it begins to where it ends, recorded in
    /// the trace.
    ///
    /// # Cancel safety
    /// A future that is dropped before it ended, or before its first poll, is cancelled, and the trace says so.
    ///
    /// # Panics
    /// What it returns panics as the body does.
    fn perform<F>(self, body: impl FnOnce(Self) -> F + Send) -> impl Future<Output = F::Output> + Send
    where
        F: Future<Output: Send> + Send,
    {
        let performance = self.performance();
        let span = performance.span();
        async move {
            performance.begin().await;
            let body = in_turns(&performance, async { body(self).await });
            let result = AssertUnwindSafe(body).catch_unwind().await;
            performance.lingering().await;
            performance.end(result)
        }
        .instrument(span)
    }
}

impl<P: Part> Perform for P {}

/// The body, each poll of which is a turn of its actor.
async fn in_turns<T>(performance: &Performance, body: impl Future<Output = T>) -> T {
    let mut body = pin!(body);
    let give_way = |context: &mut Context<'_>| {
        let _ = pin!(task::yield_now()).poll(context);
    };
    future::poll_fn(|context| performance.turn(context, |context| body.as_mut().poll(context), give_way))
        .await
}

/// Pauses the actor for so much notebook time; at a pace of 0 it only gives way: to other tasks of
/// the runtime, without a call of the system.
///
/// # Cancel safety
/// The pause is noted when it is called for; dropping the future cuts it short.
#[track_caller]
pub fn pause(actor: &Actor, duration: Duration) -> impl Future<Output = ()> + Send + use<> {
    // Not an `async fn`: that would note its own source line instead of the caller's.
    let (scaled, meeting) = (actor.pauses(duration), actor.meeting());
    async move {
        match scaled {
            Some(scaled) => time::sleep(scaled).await,
            None => task::yield_now().await,
        }
        meeting.await;
    }
}

/// Waits for a task, an actor's or a helper's, and gives back its value.
///
/// # Panics
/// With its own panic; and if the task was aborted, because then there is no value.
///
/// # Cancel safety
/// Dropping the future detaches the task, which goes on.
pub async fn join<T>(handle: JoinHandle<T>) -> T {
    handle.await.unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))
}
