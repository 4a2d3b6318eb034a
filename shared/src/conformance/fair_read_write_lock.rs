//! What a fair read–write lock must survive: who is served when.
//!
//! The cases of [any read–write lock](super::read_write_lock) are held as well.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::read_write_lock::ReadWriteLock;
use super::{SHORT, bunch, join, until};

/// Makes the tests of a lock that serves in the order of asking.
#[macro_export]
macro_rules! fair_read_write_lock_conformance {
    ($lock:ty) => {
        $crate::any_read_write_lock_conformance!($lock);
        $crate::conformance_tests!(fair_read_write_lock, $lock:
            write_order, write_read_shared_pending, first_come_first_served, a_writer_that_gives_up_lets_readers_in,
            a_reader_that_gives_up_lets_others_in, readers_that_overlap_dont_starve_a_writer,
            writers_that_follow_each_other_dont_starve_a_reader,
        );
    };
}

/// Who came in, in this order.
type Order = Arc<Mutex<Vec<usize>>>;

fn record(order: &Order, number: usize) {
    order.lock().expect("nobody panics with it in hand").push(number);
}

fn recorded(order: &Order) -> Vec<usize> {
    order.lock().expect("nobody panics with it in hand").clone()
}

/// One more who wants to read, or to write, and who waits when this returns.
fn ask<L: ReadWriteLock>(lock: &Arc<L>, order: &Order, number: usize, writes: bool) -> JoinHandle<()> {
    let waiting = lock.waiting();
    let asking = {
        let (lock, order) = (Arc::clone(lock), Arc::clone(order));
        bunch(1, move |_| {
            if writes {
                let _guard = lock.write();
                record(&order, number);
            } else {
                let _guard = lock.read();
                record(&order, number);
            }
        })
    };
    until("it waits", || lock.waiting() == waiting + 1);
    asking.into_iter().next().expect("a bunch of one")
}

/// tokio: `write_order`. Who asks first writes first.
pub fn write_order<L: ReadWriteLock>() {
    let (lock, order) = (Arc::new(L::new(0)), Order::default());
    let guard = lock.write();
    let writers = (0..8).map(|number| ask(&lock, &order, number, true)).collect();
    drop(guard);
    join(writers);
    assert_eq!(recorded(&order), [0, 1, 2, 3, 4, 5, 6, 7]);
}

/// tokio: `write_read_shared_pending`. While somebody reads and somebody waits to write, no other reader comes in, in
/// whichever way.
pub fn write_read_shared_pending<L: ReadWriteLock>() {
    let (lock, order) = (Arc::new(L::new(0)), Order::default());
    let guards = [lock.read(), lock.read()];
    let writer = ask(&lock, &order, 0, true);
    assert!(lock.try_read().is_none());
    assert!(lock.read_timeout(Duration::ZERO).is_none());
    assert!(lock.read_timeout(SHORT).is_none());
    let reader = ask(&lock, &order, 1, false);
    assert_eq!((lock.readers(), lock.is_writing()), (2, false));
    drop(guards);
    join(vec![writer, reader]);
    assert_eq!(recorded(&order), [0, 1]);
}

/// Readers and writers ask in turn: whoever asks after a writer comes in after it, and a writer after all who asked
/// before. Only readers that stand together come in in any order.
pub fn first_come_first_served<L: ReadWriteLock>() {
    let (lock, order) = (Arc::new(L::new(0)), Order::default());
    let guard = lock.read();
    let writes = |number| [0, 3, 4, 7].contains(&number);
    let waiters = (0..9).map(|number| ask(&lock, &order, number, writes(number))).collect();
    assert!(recorded(&order).is_empty());
    drop(guard);
    join(waiters);
    let mut order = recorded(&order);
    for together in [1..3, 5..7] {
        order[together].sort_unstable();
    }
    assert_eq!(order, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
}

/// tokio: `write_read_shared_drop_pending`. Somebody reads; a writer waits, and a reader behind it. When the writer
/// gives up, that reader comes in beside the first.
pub fn a_writer_that_gives_up_lets_readers_in<L: ReadWriteLock>() {
    gives_up_before::<L>(true);
}

/// Somebody writes; two wait to read. When the first of them gives up, the second still comes in as soon as it can.
pub fn a_reader_that_gives_up_lets_others_in<L: ReadWriteLock>() {
    gives_up_before::<L>(false);
}

fn gives_up_before<L: ReadWriteLock>(writes: bool) {
    let mut patience = SHORT;
    loop {
        let lock = Arc::new(L::new(0));
        let guards = if writes { (Some(lock.read()), None) } else { (None, Some(lock.write())) };
        let first = bunch(1, {
            let lock = Arc::clone(&lock);
            move |_| {
                if writes {
                    lock.write_timeout(patience).is_none()
                } else {
                    lock.read_timeout(patience).is_none()
                }
            }
        });
        until("it waits", || lock.waiting() == 1 || first[0].is_finished());
        let second = bunch(1, {
            let lock = Arc::clone(&lock);
            move |_| drop(lock.read())
        });
        until("both wait", || lock.waiting() == 2 || first[0].is_finished());
        let both_waited = !first[0].is_finished();
        assert_eq!(join(first), [true]);
        if writes {
            until("the second has come in, and left", || second[0].is_finished());
        }
        drop(guards);
        join(second);
        if both_waited {
            break;
        }
        // On a busy machine the first may have given up before the second was there.
        patience *= 2;
    }
}

/// Readers each of whom stays until another is there, or until somebody waits, and who come again and again: who asks
/// to write is in after at most one more of each, which had come before it and not reported yet.
pub fn readers_that_overlap_dont_starve_a_writer<L: ReadWriteLock>() {
    const READERS: usize = 4;
    const ROUNDS: usize = 20;
    for _ in 0..ROUNDS {
        let lock = Arc::new(L::new(0));
        let (grants, wrote) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let readers = bunch(READERS, {
            let (lock, grants, wrote) = (Arc::clone(&lock), Arc::clone(&grants), Arc::clone(&wrote));
            move |_| {
                while !wrote.load(Ordering::SeqCst) {
                    let _guard = lock.read();
                    grants.fetch_add(1, Ordering::SeqCst);
                    until("another is there, or somebody waits", || {
                        lock.readers() > 1 || lock.waiting() > 0 || wrote.load(Ordering::SeqCst)
                    });
                }
            }
        });
        until("they read", || grants.load(Ordering::SeqCst) > 2 * READERS);
        let guard = lock.read();
        let writer = bunch(1, {
            let (lock, grants, wrote) = (Arc::clone(&lock), Arc::clone(&grants), Arc::clone(&wrote));
            move |_| {
                let _guard = lock.write();
                wrote.store(true, Ordering::SeqCst);
                grants.load(Ordering::SeqCst)
            }
        });
        // Readers wait only for the writer.
        until("it waits", || lock.waiting() > 0);
        let before = grants.load(Ordering::SeqCst);
        drop(guard);
        let after = join(writer)[0];
        assert!(after - before <= READERS, "{} came before it", after - before);
        join(readers);
    }
}

/// Who asks to read while one writes and another waits to is in after these two, however many ask to write after it.
pub fn writers_that_follow_each_other_dont_starve_a_reader<L: ReadWriteLock>() {
    const WRITERS: usize = 3;
    let (lock, order, read) = (Arc::new(L::new(0)), Order::default(), Arc::new(AtomicBool::new(false)));
    let guard = lock.write();
    let mut visitors = vec![ask(&lock, &order, 0, true)];
    visitors.push({
        let (lock, order, read) = (Arc::clone(&lock), Arc::clone(&order), Arc::clone(&read));
        let waiting = lock.waiting();
        let other = Arc::clone(&lock);
        let reader = bunch(1, move |_| {
            let _guard = lock.read();
            record(&order, 1);
            read.store(true, Ordering::SeqCst);
        });
        until("it waits", || other.waiting() == waiting + 1);
        reader.into_iter().next().expect("a bunch of one")
    });
    visitors.extend(bunch(WRITERS, {
        let (lock, order, read) = (Arc::clone(&lock), Arc::clone(&order), Arc::clone(&read));
        move |number| {
            while !read.load(Ordering::SeqCst) {
                let _guard = lock.write();
                record(&order, 2 + number);
            }
        }
    }));
    until("all wait", || lock.waiting() == 2 + WRITERS);
    drop(guard);
    join(visitors);
    assert_eq!(recorded(&order)[..2], [0, 1]);
}
