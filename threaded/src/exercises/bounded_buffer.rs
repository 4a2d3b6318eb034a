//! A buffer that blocks threads when it is full or empty.

pub mod idiom;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use shared::exercises::bounded_buffer::{Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::primitives::condition::Condition;
use crate::primitives::event::Event;
use crate::{Perform as _, join};

/// Puts and gets as the cell does, and then so that a put and a get have to wait.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let buffer = Arc::new(BoundedBuffer::new(plan.capacity));
    for item in plan.first() {
        put(main, &buffer, item);
    }
    let mut got = Vec::new();
    for _ in 1..plan.capacity {
        got.push(get(main, &buffer));
    }
    let left = buffer.len();
    main.says(Step::Left { count: left });

    let [full, empty] = [(); 2].map(|()| Arc::new(Event::new()));
    let putter = {
        let (plan, buffer, full) = (plan.clone(), Arc::clone(&buffer), Arc::clone(&full));
        thread::spawn(stage.actor("putter", 1).perform(move |putter| {
            for item in plan.more() {
                if item == 2 * plan.capacity {
                    full.set();
                }
                put(&putter, &buffer, item);
            }
        }))
    };
    full.wait();
    let getter = {
        let (plan, buffer, empty) = (plan.clone(), Arc::clone(&buffer), Arc::clone(&empty));
        thread::spawn(stage.actor("getter", 1).perform(move |getter| {
            let mut got = Vec::new();
            for item in plan.capacity..=plan.last() {
                if item == plan.last() {
                    empty.set();
                }
                got.push(get(&getter, &buffer));
            }
            got
        }))
    };
    empty.wait();
    put(main, &buffer, plan.last());
    join(putter);
    Outcome { got, left, got_later: join(getter) }
}

fn put(actor: &Actor, buffer: &BoundedBuffer<usize>, item: usize) {
    actor.says(Step::Putting { item });
    buffer.put(item);
    actor.says(Step::Put { item });
}

fn get(actor: &Actor, buffer: &BoundedBuffer<usize>) -> usize {
    actor.says(Step::Getting);
    let item = buffer.get();
    actor.says(Step::Got { item });
    item
}

/// A buffer of a fixed size.
struct BoundedBuffer<T> {
    capacity: usize,
    items: Mutex<VecDeque<T>>,
    not_full: Condition,
    not_empty: Condition,
}

impl<T> BoundedBuffer<T> {
    fn new(capacity: usize) -> Self {
        let (not_full, not_empty) = (Condition::new(), Condition::new());
        Self { capacity, items: Mutex::default(), not_full, not_empty }
    }

    /// Waits for room, and puts the item last.
    fn put(&self, item: T) {
        let mut items = self.not_full.wait_for(self.items(), |items| items.len() < self.capacity);
        items.push_back(item);
        self.not_empty.notify(1);
    }

    /// Waits for an item, and takes the first.
    fn get(&self) -> T {
        let mut items = self.not_empty.wait_for(self.items(), |items| !items.is_empty());
        let item = items.pop_front().expect("it was waited for");
        self.not_full.notify(1);
        item
    }

    fn len(&self) -> usize {
        self.items().len()
    }

    fn items(&self) -> MutexGuard<'_, VecDeque<T>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
