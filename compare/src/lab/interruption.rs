//! Interruptions: what asks the program to end its work early, and in order.

use std::io;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use tokio::runtime::Builder;

/// The exit status that tells of a Ctrl-C, and of the interruption that came last.
static STATUS: AtomicU8 = AtomicU8::new(130);

/// The exit status of a program that was interrupted: 128 and the number of the signal, as shells have it.
pub fn interrupted_status() -> u8 {
    STATUS.load(Ordering::Relaxed)
}

/// From now on, Ctrl-C and, where there are such signals, a hang-up and the wish to terminate call this, which answers
/// whether somebody still listens.
///
/// # Errors
/// If the system doesn't let us listen, or has no room for a thread.
pub fn listen(interrupt: impl Fn() -> bool + Send + 'static) -> io::Result<()> {
    #[cfg(unix)]
    has_room()?;
    let runtime = Builder::new_current_thread().enable_io().build()?;
    // Not in the thread: from when this returns, none is missed.
    let entered = runtime.enter();
    let mut interruptions = Interruptions::new()?;
    drop(entered);
    thread::Builder::new().spawn(move || {
        runtime.block_on(async {
            loop {
                STATUS.store(interruptions.next().await, Ordering::Relaxed);
                if !interrupt() {
                    return;
                }
            }
        });
    })?;
    Ok(())
}

/// Whether there are as many descriptors as it takes: tokio, which needs a pair of them for signals, panics without.
#[cfg(unix)]
fn has_room() -> io::Result<()> {
    use std::os::unix::net::UnixStream;

    const PAIRS: usize = 4;
    let pairs = (0..PAIRS).map(|_| UnixStream::pair()).collect::<io::Result<Vec<_>>>()?;
    drop(pairs);
    Ok(())
}

#[cfg(unix)]
struct Interruptions([(tokio::signal::unix::Signal, u8); 3]);

#[cfg(unix)]
impl Interruptions {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self([
            (signal(SignalKind::hangup())?, 129),
            (signal(SignalKind::interrupt())?, 130),
            (signal(SignalKind::terminate())?, 143),
        ]))
    }

    async fn next(&mut self) -> u8 {
        use std::future;
        use std::task::Poll;

        future::poll_fn(|context| {
            let came = self
                .0
                .iter_mut()
                .find_map(|(signal, status)| signal.poll_recv(context).is_ready().then_some(*status));
            came.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

#[cfg(not(unix))]
struct Interruptions;

#[cfg(not(unix))]
impl Interruptions {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> u8 {
        // Where nobody can listen, nobody interrupts.
        match tokio::signal::ctrl_c().await {
            Ok(()) => 130,
            Err(_) => std::future::pending().await,
        }
    }
}
