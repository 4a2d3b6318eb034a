//! Rings: every thread writes into one of its own, without a lock, and whoever asks reads them all.
//!
//! A full ring is left to the reader, and one of twice its size begun: a writer loses nothing, and waits only to begin
//! another ring, and only as long as somebody reads. The reading ends belong to [`Rings`], so what a thread has written
//! outlives it; and its ring waits for the next thread, because memory that nobody has touched yet costs more than all
//! that is written into it.
//!
//! Not taken: a `Mutex<Vec>` for each thread. Its lock is free nearly always, but costs several nanoseconds a write.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rtrb::{Consumer, Producer, PushError, RingBuffer};

/// The rings of all threads, to be read.
#[derive(Debug)]
pub(crate) struct Rings<T> {
    readers: Mutex<Vec<Consumer<T>>>,
    /// The writing ends that no thread has.
    free: Mutex<Vec<Producer<T>>>,
}

/// The end at which one thread writes.
#[derive(Debug)]
pub(crate) struct Writer<T: 'static> {
    ring: Producer<T>,
    rings: &'static Rings<T>,
}

/// How many items the first ring of a writer has room for.
const ROOM: usize = 64;
/// A ring of this size is large enough for any writer whose reader comes by at times.
const MOST_ROOM: usize = 1 << 16;

impl<T> Rings<T> {
    /// No rings yet.
    pub(crate) const fn new() -> Self {
        Self { readers: Mutex::new(Vec::new()), free: Mutex::new(Vec::new()) }
    }

    /// A writer with a ring of its own.
    pub(crate) fn writer(&'static self) -> Writer<T> {
        let free = locked(&self.free).pop();
        Writer { ring: free.unwrap_or_else(|| self.ring(ROOM)), rings: self }
    }

    /// Takes what was written so far: that of one writer in order, that of several one after the other.
    pub(crate) fn drain(&self, mut each: impl FnMut(T)) {
        locked(&self.readers).retain_mut(|ring| {
            // Asked before it is read: after that, nobody writes any more.
            let abandoned = ring.is_abandoned();
            let written = ring.read_chunk(ring.slots()).expect("nobody else reads");
            written.into_iter().for_each(&mut each);
            !abandoned
        });
    }

    fn ring(&self, room: usize) -> Producer<T> {
        let (writing, reading) = RingBuffer::new(room);
        locked(&self.readers).push(reading);
        writing
    }
}

fn locked<E>(ends: &Mutex<Vec<E>>) -> MutexGuard<'_, Vec<E>> {
    ends.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Writer<T> {
    /// Writes an item.
    #[inline]
    pub(crate) fn push(&mut self, item: T) {
        if let Err(PushError::Full(item)) = self.ring.push(item) {
            self.push_to_next(item);
        }
    }

    #[cold]
    fn push_to_next(&mut self, item: T) {
        let room = MOST_ROOM.min(2 * self.ring.buffer().capacity());
        // The last one is abandoned by this, and so read once more and then dropped.
        self.ring = self.rings.ring(room);
        self.ring.push(item).expect("a new ring has room");
    }
}

impl<T> Drop for Writer<T> {
    fn drop(&mut self) {
        // Something must stand in its place: a ring without room is little.
        let (empty, _) = RingBuffer::new(0);
        locked(&self.rings.free).push(mem::replace(&mut self.ring, empty));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::thread;

    use super::{MOST_ROOM, ROOM, Rings, locked};

    /// Rings of a test's own.
    fn rings<T>() -> &'static Rings<T> {
        Box::leak(Box::new(Rings::new()))
    }

    fn drained<T>(rings: &Rings<T>) -> Vec<T> {
        let mut items = Vec::new();
        rings.drain(|item| items.push(item));
        items
    }

    fn count(rings: &Rings<usize>) -> usize {
        locked(&rings.readers).len()
    }

    #[test]
    fn a_full_ring_is_left_for_a_larger_one() {
        let rings = rings();
        let mut writer = rings.writer();
        (0..ROOM).for_each(|item| writer.push(item));
        assert_eq!(count(rings), 1, "it fits exactly");
        writer.push(ROOM);
        assert_eq!(count(rings), 2);
        assert!(drained(rings).into_iter().eq(0..=ROOM), "in order");
        assert_eq!(count(rings), 1, "the full one is gone");
    }

    #[test]
    fn a_ring_that_is_read_in_time_stays() {
        let rings = rings();
        let mut writer = rings.writer();
        for round in 0..10 {
            (0..ROOM).for_each(|item| writer.push(ROOM * round + item));
            assert!(drained(rings).into_iter().eq(ROOM * round..ROOM * (round + 1)));
            assert_eq!(count(rings), 1);
        }
    }

    #[test]
    fn rings_grow_no_further_than_needed() {
        let rings = rings();
        let mut writer = rings.writer();
        (0..4 * MOST_ROOM).for_each(|item| writer.push(item));
        assert_eq!(writer.ring.buffer().capacity(), MOST_ROOM);
        assert!(drained(rings).into_iter().eq(0..4 * MOST_ROOM));
    }

    #[test]
    fn a_thread_that_ends_leaves_what_it_has_written() {
        for written in [0, 1, ROOM - 1, ROOM, ROOM + 1, 3 * ROOM] {
            let rings = rings();
            thread::spawn(move || {
                let mut writer = rings.writer();
                (0..written).for_each(|item| writer.push(item));
            })
            .join()
            .expect("it only writes");
            assert!(drained(rings).into_iter().eq(0..written), "{written} items");
            assert_eq!(count(rings), 1, "the ring that it wrote into last");
        }
    }

    #[test]
    fn a_ring_goes_from_thread_to_thread() {
        let rings = rings();
        for item in 0..10 {
            thread::spawn(move || rings.writer().push(item)).join().expect("it only writes");
        }
        assert_eq!(count(rings), 1);
        assert!(drained(rings).into_iter().eq(0..10));
    }

    #[test]
    fn rings_that_are_read_while_they_fill_and_grow_lose_nothing() {
        const WRITERS: usize = 8;
        const ITEMS: usize = 50_000;
        let rings = rings();
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| {
                thread::spawn(move || {
                    let mut writer = rings.writer();
                    (0..ITEMS).for_each(|item| writer.push((number, item)));
                })
            })
            .collect();

        let mut next = HashMap::new();
        let mut read = || {
            rings.drain(|(number, item)| {
                let next = next.entry(number).or_default();
                assert_eq!(item, *next, "the items of writer {number} are in order");
                *next += 1;
            });
        };
        while writers.iter().any(|writer| !writer.is_finished()) {
            read();
        }
        for writer in writers {
            writer.join().expect("it only writes");
        }
        read();
        assert_eq!(next, (0..WRITERS).map(|number| (number, ITEMS)).collect());
    }
}
