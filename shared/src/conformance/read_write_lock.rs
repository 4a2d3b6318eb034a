//! What a read–write lock must survive: cases of tokio's `sync_rwlock` and of `parking_lot`'s `rwlock`, and more.

use std::fmt::Debug;
use std::hint;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{SHORT, bunch, elsewhere, join, panics, until};

const HOUR: Duration = Duration::from_hours(1);

/// A read–write lock over a number, fair or not, whoever waits for it.
pub trait ReadWriteLock: Debug + Send + Sync + 'static {
    /// Reads.
    type ReadGuard<'a>: Deref<Target = i64> + Debug;
    /// Writes.
    type WriteGuard<'a>: DerefMut<Target = i64> + Debug;
    /// A lock over this number.
    fn new(value: i64) -> Self;
    /// Waits until it may read.
    fn read(&self) -> Self::ReadGuard<'_>;
    /// Reads if that needs no waiting.
    fn try_read(&self) -> Option<Self::ReadGuard<'_>>;
    /// Waits for at most so long.
    fn read_timeout(&self, timeout: Duration) -> Option<Self::ReadGuard<'_>>;
    /// Waits until it may write.
    fn write(&self) -> Self::WriteGuard<'_>;
    /// Writes if that needs no waiting.
    fn try_write(&self) -> Option<Self::WriteGuard<'_>>;
    /// Waits for at most so long.
    fn write_timeout(&self, timeout: Duration) -> Option<Self::WriteGuard<'_>>;
    /// How many read.
    fn readers(&self) -> usize;
    /// Whether somebody writes.
    fn is_writing(&self) -> bool;
    /// How many wait.
    fn waiting(&self) -> usize;
}

/// Makes the tests of a lock whose readers may overtake.
#[macro_export]
macro_rules! read_write_lock_conformance {
    ($lock:ty) => {
        $crate::any_read_write_lock_conformance!($lock);
        $crate::conformance_tests!(read_write_lock, $lock: readers_may_starve_a_writer);
    };
}

/// Makes the tests of any read–write lock.
#[macro_export]
macro_rules! any_read_write_lock_conformance {
    ($lock:ty) => {
        $crate::conformance_tests!(read_write_lock, $lock:
            smoke, repr, read_shared, try_read_try_write, read_exclusive_pending, write_exclusive_pending,
            write_shared_pending, readers_come_in_together, the_last_reader_lets_the_writer_in,
            a_panic_leaves_it_usable, a_panic_lets_those_who_wait_in, timeouts_expire, extreme_timeouts,
            a_timeout_that_expires_leaves_nothing, waiters_with_a_timeout_are_let_in, multithreaded, rw_arc, frob,
            no_wakeup_is_lost,
        );
    };
}

/// Nobody is inside, and nobody waits.
fn assert_unused<L: ReadWriteLock>(lock: &L) {
    assert_eq!((lock.readers(), lock.is_writing(), lock.waiting()), (0, false, 0));
    assert!(lock.try_write().is_some());
    assert!(lock.try_read().is_some());
}

/// `parking_lot`: `smoke`; tokio: `read_uncontested`, `write_uncontested`. One after the other.
pub fn smoke<L: ReadWriteLock>() {
    let lock = L::new(100);
    assert_eq!(*lock.read(), 100);
    *lock.write() += 50;
    drop((lock.read(), lock.read()));
    assert_eq!(*lock.write(), 150);
    assert_unused(&lock);
}

/// A lock shows who is inside, and a guard its value.
pub fn repr<L: ReadWriteLock>() {
    let lock = L::new(13);
    let shows = |part: &str| format!("{lock:?}").contains(part);
    assert!(shows("readers: 0") && shows("writing: false"), "{lock:?}");
    let guards = [lock.read(), lock.read()];
    assert!(shows("readers: 2") && shows("writing: false"), "{lock:?}");
    assert!(format!("{:?}", guards[0]).contains("13"));
    drop(guards);
    let guard = lock.write();
    assert!(shows("readers: 0") && shows("writing: true"), "{lock:?}");
    assert!(format!("{guard:?}").contains("13"));
}

/// tokio: `read_shared`. Whoever reads is in nobody's way who wants to read: all four are inside at once.
pub fn read_shared<L: ReadWriteLock>() {
    const READERS: usize = 4;
    let (lock, together) = (Arc::new(L::new(100)), Arc::new(AtomicBool::new(false)));
    let readers = bunch(READERS, {
        let (lock, together) = (Arc::clone(&lock), Arc::clone(&together));
        move |_| {
            let guard = lock.read();
            until("all are inside at once", || together.load(Ordering::SeqCst));
            *guard
        }
    });
    until("all are inside", || lock.readers() == READERS);
    assert!(!lock.is_writing());
    together.store(true, Ordering::SeqCst);
    assert_eq!(join(readers), [100; READERS]);
    assert_unused(&*lock);
}

/// tokio: `try_write`, `try_read_try_write`. Nobody can write beside a reader, and nobody can do anything beside a
/// writer.
pub fn try_read_try_write<L: ReadWriteLock>() {
    let lock = L::new(15);
    {
        let one = lock.try_read().expect("nobody writes");
        assert!(lock.try_write().is_none());
        let other = lock.try_read().expect("nobody writes");
        assert_eq!((*one, *other, lock.readers()), (15, 15, 2));
        drop(one);
        assert!(lock.try_write().is_none(), "one is still reading");
    }
    {
        let mut guard = lock.try_write().expect("nobody is inside");
        *guard = 1515;
        assert!(lock.is_writing());
        assert!(lock.try_read().is_none());
        assert!(lock.try_write().is_none());
    }
    assert_eq!(*lock.try_read().expect("nobody is inside"), 1515);
    assert_unused(&lock);
}

/// tokio: `read_exclusive_pending`. Who wants to read waits for the one who writes, and sees what it wrote.
pub fn read_exclusive_pending<L: ReadWriteLock>() {
    let lock = Arc::new(L::new(100));
    let mut guard = lock.write();
    let reader = bunch(1, {
        let lock = Arc::clone(&lock);
        move |_| *lock.read()
    });
    until("it waits", || lock.waiting() == 1);
    assert_eq!((lock.readers(), lock.is_writing()), (0, true));
    *guard = 101;
    drop(guard);
    assert_eq!(join(reader), [101]);
    assert_unused(&*lock);
}

/// tokio: `write_exclusive_pending`. Who wants to write waits for the one who writes.
pub fn write_exclusive_pending<L: ReadWriteLock>() {
    let lock = Arc::new(L::new(100));
    let mut guard = lock.write();
    let writer = bunch(1, {
        let lock = Arc::clone(&lock);
        move |_| *lock.write() *= 2
    });
    until("it waits", || lock.waiting() == 1);
    *guard += 1;
    drop(guard);
    join(writer);
    assert_eq!(*lock.read(), 202);
    assert_unused(&*lock);
}

/// tokio: `write_shared_pending`, `write_shared_drop`. Who wants to write waits for all who read.
pub fn write_shared_pending<L: ReadWriteLock>() {
    let lock = Arc::new(L::new(100));
    let (one, other) = (lock.read(), lock.read());
    let writer = bunch(1, {
        let lock = Arc::clone(&lock);
        move |_| *lock.write() += 1
    });
    until("it waits", || lock.waiting() == 1);
    drop(one);
    assert_eq!((*other, lock.readers(), lock.is_writing()), (100, 1, false));
    drop(other);
    join(writer);
    assert_eq!(*lock.read(), 101);
    assert_unused(&*lock);
}

/// Readers who wait for a writer are all let in by its leaving: each stays until all are there.
pub fn readers_come_in_together<L: ReadWriteLock>() {
    const READERS: usize = 5;
    let (lock, inside) = (Arc::new(L::new(0)), Arc::new(AtomicUsize::new(0)));
    let guard = lock.write();
    let readers = bunch(READERS, {
        let (lock, inside) = (Arc::clone(&lock), Arc::clone(&inside));
        move |number| {
            let _guard = if number % 2 == 0 { Some(lock.read()) } else { lock.read_timeout(HOUR) };
            inside.fetch_add(1, Ordering::SeqCst);
            until("all are inside", || inside.load(Ordering::SeqCst) == READERS);
        }
    });
    until("they wait", || lock.waiting() == READERS);
    assert_eq!(inside.load(Ordering::SeqCst), 0);
    drop(guard);
    join(readers);
    assert_unused(&*lock);
}

/// Two wait to write while three read: they come in one by one, when the last reader has left.
pub fn the_last_reader_lets_the_writer_in<L: ReadWriteLock>() {
    let lock = Arc::new(L::new(0));
    let mut guards = vec![lock.read(), lock.read(), lock.read()];
    let writers = bunch(2, {
        let lock = Arc::clone(&lock);
        move |_| {
            let mut guard = lock.write();
            let before = *guard;
            thread::yield_now();
            *guard = before + 1;
        }
    });
    until("they wait", || lock.waiting() == 2);
    while let Some(guard) = guards.pop() {
        assert_eq!((*guard, lock.is_writing(), lock.waiting()), (0, false, 2));
    }
    join(writers);
    assert_eq!(*lock.read(), 2);
    assert_unused(&*lock);
}

/// `parking_lot`: `test_rw_arc_no_poison_wr`, `_ww`, `_rr` and `_rw`. A panic inside leaves what was written, and keeps
/// nobody out: neither who reads next nor who writes.
pub fn a_panic_leaves_it_usable<L: ReadWriteLock>() {
    for (writes, writes_next) in [(true, false), (true, true), (false, false), (false, true)] {
        let lock = Arc::new(L::new(1));
        let panicked = bunch(1, {
            let lock = Arc::clone(&lock);
            move |_| {
                panics(|| {
                    if writes {
                        let mut guard = lock.write();
                        *guard = 2;
                        panic!("while it writes");
                    }
                    let _guard = lock.read();
                    panic!("while it reads");
                })
            }
        });
        assert_eq!(join(panicked), [true]);
        let value = if writes_next { *lock.write() } else { *lock.read() };
        assert_eq!(value, if writes { 2 } else { 1 });
        assert_unused(&*lock);
    }
}

/// Who waits for one who panics is let in as if that had left.
pub fn a_panic_lets_those_who_wait_in<L: ReadWriteLock>() {
    for writes in [false, true] {
        let lock = Arc::new(L::new(0));
        let panicking = bunch(1, {
            let lock = Arc::clone(&lock);
            move |_| {
                panics(|| {
                    let _guards = if writes { (None, Some(lock.write())) } else { (Some(lock.read()), None) };
                    until("others wait", || lock.waiting() > usize::from(writes));
                    panic!("while it is inside");
                })
            }
        });
        until("it is inside", || lock.is_writing() || lock.readers() == 1);
        // Beside one who reads a reader wouldn't wait.
        let others = bunch(1 + usize::from(writes), {
            let lock = Arc::clone(&lock);
            move |number| if number == 0 { *lock.write() += 1 } else { drop(lock.read()) }
        });
        assert_eq!(join(panicking), [true]);
        join(others);
        assert_eq!(*lock.read(), 1);
        assert_unused(&*lock);
    }
}

/// Who can't come in gives up, and not before the time is over. A place that is free is got at once.
pub fn timeouts_expire<L: ReadWriteLock>() {
    let lock = L::new(0);
    let expires = |gave_up: &dyn Fn() -> bool| {
        let start = Instant::now();
        assert!(gave_up());
        let waited = start.elapsed();
        assert!(waited >= SHORT, "{waited:?}");
    };
    {
        let _guard = lock.write_timeout(SHORT).expect("nobody is inside");
        expires(&|| lock.read_timeout(SHORT).is_none());
        expires(&|| lock.write_timeout(SHORT).is_none());
    }
    let _guard = lock.read_timeout(SHORT).expect("nobody is inside");
    expires(&|| lock.write_timeout(SHORT).is_none());
    assert!(lock.read_timeout(SHORT).is_some(), "who reads is in no reader's way");
}

/// Zero is a try, and the longest time doesn't overflow.
pub fn extreme_timeouts<L: ReadWriteLock>() {
    for timeout in [Duration::ZERO, Duration::MAX] {
        let lock = L::new(0);
        *lock.write_timeout(timeout).expect("nobody is inside") += 1;
        let guards = [lock.read_timeout(timeout), lock.read_timeout(timeout)];
        assert!(guards.iter().flatten().all(|guard| **guard == 1));
        assert_eq!(lock.readers(), 2);
        assert!(lock.write_timeout(Duration::ZERO).is_none());
        drop(guards);
        let _guard = lock.write();
        assert!(lock.read_timeout(Duration::ZERO).is_none());
        assert!(lock.write_timeout(Duration::ZERO).is_none());
    }
    let_in_after(Duration::MAX, L::new(0));
}

/// Who gives up leaves no trace: the place is free for the next.
pub fn a_timeout_that_expires_leaves_nothing<L: ReadWriteLock>() {
    let lock = Arc::new(L::new(0));
    let guard = lock.write();
    let gave_up = bunch(4, {
        let lock = Arc::clone(&lock);
        move |number| match number % 2 {
            0 => lock.read_timeout(SHORT).is_none(),
            _ => lock.write_timeout(SHORT).is_none(),
        }
    });
    assert_eq!(join(gave_up), [true; 4]);
    assert_eq!((lock.readers(), lock.is_writing(), lock.waiting()), (0, true, 0));
    drop(guard);
    assert_unused(&*lock);
}

/// An hour of patience ends when the place is free: returning at all is the test.
pub fn waiters_with_a_timeout_are_let_in<L: ReadWriteLock>() {
    let_in_after(HOUR, L::new(0));
}

/// Some wait for so long to read and some to write; nobody is inside any more before that time is over.
fn let_in_after<L: ReadWriteLock>(timeout: Duration, lock: L) {
    let lock = Arc::new(lock);
    let guard = lock.write();
    let waiters = bunch(4, {
        let lock = Arc::clone(&lock);
        move |number| {
            if number % 2 == 0 {
                lock.read_timeout(timeout).is_some()
            } else {
                lock.write_timeout(timeout).map(|mut guard| *guard += 1).is_some()
            }
        }
    });
    until("they wait", || lock.waiting() == 4);
    drop(guard);
    assert_eq!(join(waiters), [true; 4]);
    assert_eq!(*lock.read(), 2);
    assert_unused(&*lock);
}

/// tokio: `multithreaded`. Four add a thousand times each, and no addition is lost.
pub fn multithreaded<L: ReadWriteLock>() {
    const TIMES: i64 = 1_000;
    let lock = Arc::new(L::new(0));
    let writers = bunch(4, {
        let lock = Arc::clone(&lock);
        move |number| (0..TIMES).for_each(|_| *lock.write() += [2, 3, 5, 7][number])
    });
    join(writers);
    assert_eq!(*lock.read(), 17 * TIMES);
    assert_unused(&*lock);
}

/// `parking_lot`: `test_rw_arc`, `test_ruw_arc`. A writer leaves the number negative for as long as others may get in
/// its way; no reader sees it so.
pub fn rw_arc<L: ReadWriteLock>() {
    const TIMES: i64 = 200;
    let lock = Arc::new(L::new(0));
    let visitors = bunch(6, {
        let lock = Arc::clone(&lock);
        move |number| {
            for _ in 0..TIMES {
                if number > 0 {
                    assert!(*lock.read() >= 0, "somebody writes");
                    continue;
                }
                let mut guard = lock.write();
                let before = *guard;
                *guard = -1;
                thread::yield_now();
                *guard = before + 1;
            }
        }
    });
    join(visitors);
    assert_eq!(*lock.read(), TIMES);
    assert_unused(&*lock);
}

/// `parking_lot`: `frob`. Many visit, one in ten to write, in each of the six ways: one who writes is alone, no wakeup
/// is lost, and in the end nobody is inside.
pub fn frob<L: ReadWriteLock>() {
    const THREADS: usize = 10;
    const ROUNDS: usize = 1_000;
    const WRITER: usize = 1_000;
    let (lock, inside) = (Arc::new(L::new(0)), Arc::new(AtomicUsize::new(0)));
    let visits = bunch(THREADS, {
        let (lock, inside) = (Arc::clone(&lock), Arc::clone(&inside));
        move |number| {
            let mut written = 0;
            for round in 0..ROUNDS {
                let stay = |weight| {
                    let others = inside.fetch_add(weight, Ordering::SeqCst);
                    assert!(if weight == WRITER { others == 0 } else { others < WRITER }, "beside {others}");
                    if round % 16 == 0 {
                        // Others come while this one is inside, else there would be nobody to meet.
                        thread::yield_now();
                    }
                    inside.fetch_sub(weight, Ordering::SeqCst);
                };
                let way = (number + round) / THREADS % 3;
                if (number + round) % THREADS == 0 {
                    let guard = match way {
                        0 => Some(lock.write()),
                        1 => lock.try_write(),
                        _ => lock.write_timeout(Duration::from_micros(50)),
                    };
                    if let Some(mut guard) = guard {
                        stay(WRITER);
                        *guard += 1;
                        written += 1;
                    }
                } else {
                    let guard = match way {
                        0 => Some(lock.read()),
                        1 => lock.try_read(),
                        _ => lock.read_timeout(Duration::from_micros(50)),
                    };
                    if let Some(_guard) = guard {
                        stay(1);
                    }
                }
            }
            written
        }
    });
    let written: i64 = join(visits).into_iter().sum();
    assert_eq!(*lock.read(), written);
    assert_unused(&*lock);
}

/// One leaves while another comes, a little later from round to round: in no moment of its coming is it forgotten.
pub fn no_wakeup_is_lost<L: ReadWriteLock>() {
    const ROUNDS: usize = 1_000;
    let lock = Arc::new(L::new(0));
    let (begun, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let visitor = bunch(1, {
        let (lock, begun, done) = (Arc::clone(&lock), Arc::clone(&begun), Arc::clone(&done));
        move |_| {
            for round in 1..=ROUNDS {
                until("the other is inside", || begun.load(Ordering::SeqCst) == round);
                if round % 2 == 0 {
                    drop(lock.read());
                } else {
                    drop(lock.write());
                }
                done.store(round, Ordering::SeqCst);
            }
        }
    });
    for round in 1..=ROUNDS {
        let guard = lock.write();
        begun.store(round, Ordering::SeqCst);
        (0..round % 64).for_each(|_| hint::spin_loop());
        drop(guard);
        until("the visitor has left", || done.load(Ordering::SeqCst) == round);
    }
    join(visitor);
    assert_unused(&*lock);
}

/// The notebook's policy: while somebody waits to write, whoever comes to read is let in. So readers that overlap, each
/// coming before the one before it has left, keep the writer out for as long as they like.
pub fn readers_may_starve_a_writer<L: ReadWriteLock>() {
    const READERS: usize = 100;
    let lock = Arc::new(L::new(0));
    let mut inside = lock.read();
    let writer = bunch(1, {
        let lock = Arc::clone(&lock);
        move |_| *lock.write() = 1
    });
    until("it waits", || lock.waiting() == 1);
    for number in 0..READERS {
        let next = match number % 3 {
            0 => lock.try_read().expect("nobody writes"),
            1 => lock.read_timeout(HOUR).expect("nobody writes"),
            _ => lock.read(),
        };
        assert_eq!((*next, lock.readers(), lock.waiting()), (0, 2, 1));
        inside = next;
    }
    let other = Arc::clone(&lock);
    assert_eq!(elsewhere(move || *other.read()), 0, "also another thread's");
    drop(inside);
    join(writer);
    assert_eq!(*lock.read(), 1);
    assert_unused(&*lock);
}
