//! A bounded buffer of threads, held to what it must survive.

use std::sync::atomic::Ordering;

use shared::conformance;

use super::BoundedBuffer;

impl<T: Send + 'static> conformance::buffer::Buffer<T> for BoundedBuffer<T> {
    fn new(capacity: usize) -> Self {
        Self::new(capacity)
    }

    fn put(&self, item: T) {
        self.put(item);
    }

    fn get(&self) -> T {
        self.get()
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn waiting(&self) -> usize {
        // Whoever has counted itself waits, once the items are free.
        let _items = self.items();
        let conditions = [&self.not_full, &self.not_empty];
        conditions.iter().map(|condition| condition.waiting.load(Ordering::Relaxed)).sum()
    }

    fn stray_wakeup(&self) {
        self.not_full.notify_all();
        self.not_empty.notify_all();
    }
}

shared::buffer_conformance!(BoundedBuffer);
