//! A buffer that makes tasks wait when it is full or empty.

pub mod idiom;

use std::collections::VecDeque;
use std::sync::Arc;

use shared::exercises::bounded_buffer::{Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::sync::{Mutex, MutexGuard};
use tokio::task;

use crate::primitives::condition::Condition;
use crate::primitives::event::Event;
use crate::{Perform as _, join};

/// Puts and gets as the cell does, and then so that a put and a get have to wait.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let buffer = Arc::new(BoundedBuffer::new(plan.capacity));
    for item in plan.first() {
        put(main, &buffer, item).await;
    }
    let mut got = Vec::new();
    for _ in 1..plan.capacity {
        got.push(get(main, &buffer).await);
    }
    let left = buffer.len().await;
    main.says(Step::Left { count: left });

    let [full, empty] = [(); 2].map(|()| Arc::new(Event::new()));
    let putter = {
        let (plan, buffer, full) = (plan.clone(), Arc::clone(&buffer), Arc::clone(&full));
        task::spawn(stage.actor("putter", 1).perform(async move |putter| {
            for item in plan.more() {
                if item == 2 * plan.capacity {
                    full.set();
                }
                put(&putter, &buffer, item).await;
            }
        }))
    };
    full.wait().await;
    let getter = {
        let (plan, buffer, empty) = (plan.clone(), Arc::clone(&buffer), Arc::clone(&empty));
        task::spawn(stage.actor("getter", 1).perform(async move |getter| {
            let mut got = Vec::new();
            for item in plan.capacity..=plan.last() {
                if item == plan.last() {
                    empty.set();
                }
                got.push(get(&getter, &buffer).await);
            }
            got
        }))
    };
    empty.wait().await;
    put(main, &buffer, plan.last()).await;
    join(putter).await;
    Outcome { got, left, got_later: join(getter).await }
}

async fn put(actor: &Actor, buffer: &BoundedBuffer<usize>, item: usize) {
    actor.says(Step::Putting { item });
    buffer.put(item).await;
    actor.says(Step::Put { item });
}

async fn get(actor: &Actor, buffer: &BoundedBuffer<usize>) -> usize {
    actor.says(Step::Getting);
    let item = buffer.get().await;
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
    ///
    /// # Cancel safety
    /// Dropping the future drops the item, if that isn't in; whom it would have woken is woken by who comes next.
    async fn put(&self, item: T) {
        let mut items = self.not_full.wait_for(self.items().await, |items| items.len() < self.capacity).await;
        items.push_back(item);
        self.not_empty.notify(1);
    }

    /// Waits for an item, and takes the first.
    ///
    /// # Cancel safety
    /// Dropping the future takes nothing out: after the item is out there is no `.await` any more.
    async fn get(&self) -> T {
        let mut items = self.not_empty.wait_for(self.items().await, |items| !items.is_empty()).await;
        let item = items.pop_front().expect("it was waited for");
        self.not_full.notify(1);
        item
    }

    async fn len(&self) -> usize {
        self.items().await.len()
    }

    async fn items(&self) -> MutexGuard<'_, VecDeque<T>> {
        self.items.lock().await
    }
}

#[cfg(test)]
mod tests;
