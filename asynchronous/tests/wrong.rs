//! What compiles and is wrong: a task that blocks its thread, and a future that is dropped half done. That a trace records the
//! stall, and a comparison tells it, is tested in `compare/tests/observed.rs`.
#![expect(
    clippy::disallowed_methods,
    reason = "what a task must not call is called here, to show what comes of it"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
use tokio::{select, task, time};

/// How long somebody waits: what is shown doesn't depend on it.
const WHILE: Duration = Duration::from_millis(1);

/// Whether another task of the same thread ran while this one waited so.
async fn another_runs<F: Future<Output = ()>>(wait: impl FnOnce() -> F) -> bool {
    let ran = Arc::new(AtomicBool::new(false));
    let other = Arc::clone(&ran);
    let other = task::spawn(async move { other.store(true, Ordering::Relaxed) });
    wait().await;
    let ran = ran.load(Ordering::Relaxed);
    other.await.expect("it doesn't panic");
    ran
}

#[tokio::test]
async fn who_sleeps_in_its_thread_keeps_all_others_from_it() {
    assert!(another_runs(|| time::sleep(WHILE)).await, "whoever awaits gives the thread away");
    assert!(!another_runs(async || thread::sleep(WHILE)).await, "whoever sleeps in it does not");
}

#[tokio::test]
async fn who_waits_for_another_task_in_its_thread_waits_in_vain() {
    let (sender, receiver) = mpsc::channel();
    let sends = task::spawn(async move { sender.send(()) });
    // Without a timeout it would wait for ever.
    assert_eq!(receiver.recv_timeout(WHILE), Err(RecvTimeoutError::Timeout));
    sends.await.expect("it doesn't panic").expect("it is received");
    assert_eq!(receiver.recv(), Ok(()));
}

#[tokio::test]
async fn a_read_that_is_dropped_half_done_has_lost_what_it_had() {
    let (mut writer, mut reader) = duplex(16);
    writer.write_all(b"ab").await.expect("there is room");
    let mut message = [0; 4];
    select! {
        biased;
        _all = reader.read_exact(&mut message) => panic!("half of it has not been written"),
        () = async {} => {}
    }
    // The first half was read, into a future that is gone; the next reader begins in the midst of the message.
    writer.write_all(b"cdef").await.expect("there is room");
    reader.read_exact(&mut message).await.expect("it has been written");
    assert_eq!(&message, b"cdef");
}
