//! Lost, doubled, or one too many.

use crate::fault::Class::Counts;
use crate::fault::Fault;

pub(super) const FAULTS: &[Fault] = &[
    Counts.threads(
        "one-letter-too-few",
        "introduction/sequential.rs",
        &[("letters.chars()", "letters.chars().skip(1)")],
    ),
    Counts.tasks(
        "worker-struct-adds-one-too-few",
        "creating/worker_struct.rs",
        &[("in 0..plan.count", "in 1..plan.count")],
    ),
    Counts.threads(
        "daemon-heard-once-less",
        "creating/daemon.rs",
        &[("for _ in 0..rounds_after {", "for _ in 1..rounds_after {")],
    ),
    Counts.threads(
        "one-increment-too-few",
        "synchronization/race_condition.rs",
        &[("in 0..plan.times", "in 1..plan.times")],
    ),
    Counts.threads(
        "permit-is-leaked",
        "locks/semaphore.rs",
        &[("drop(permit);", "std::mem::forget(permit);")],
    ),
    // By hand, and then by the guard.
    Counts.tasks(
        "permit-is-released-twice",
        "locks/semaphore.rs",
        &[(
            "drop(permit);",
            "semaphore.release();
            drop(permit);",
        )],
    ),
    Counts.threads("one-waiter-too-few", "signals/event.rs", &[("(1..=plan.waiters)", "(1..plan.waiters)")]),
    Counts.tasks(
        "barrier-of-one-less",
        "signals/barrier.rs",
        &[("Barrier::new(plan.parties)", "Barrier::new(plan.parties - 1)")],
    ),
    Counts.tasks(
        "one-worker-too-few",
        "pools/as_completed.rs",
        &[("(0..plan.workers)", "(1..plan.workers)")],
    ),
    Counts.tasks("all-on-one-worker", "pools/ordered_map.rs", &[("(0..plan.workers)", "(0..1)")]),
    Counts.threads(
        "one-item-is-not-tried",
        "pools/exceptions.rs",
        &[("(0..plan.items).map(submit)", "(1..plan.items).map(submit)")],
    ),
    Counts.threads(
        "one-connection-too-few",
        "locals/connection_per_worker.rs",
        &[("(0..plan.workers)", "(1..plan.workers)")],
    ),
    Counts.threads(
        "first-item-is-skipped",
        "practices/producer_consumer.rs",
        &[(".enumerate()", ".enumerate().skip(1)")],
    ),
    Counts.threads(
        "items-are-put-twice",
        "practices/many_producers_consumers.rs",
        &[(
            "        queue.put(Some(Item { producer: id, number, consuming }));",
            "        queue.put(Some(Item { producer: id, number, consuming }));
        queue.put(Some(Item { producer: id, number, consuming }));",
        )],
    ),
    Counts.tasks(
        "one-consumer-too-few",
        "practices/many_producers_consumers.rs",
        &[("(0..plan.consumers)", "(1..plan.consumers)")],
    ),
    Counts.threads(
        "managed-worker-works-once-more",
        "practices/managed_worker.rs",
        &[("rounds < plan.rounds", "rounds <= plan.rounds")],
    ),
    Counts.tasks(
        "buffer-holds-one-more",
        "exercises/bounded_buffer.rs",
        &[("items.len() < self.capacity", "items.len() <= self.capacity")],
    ),
    Counts.tasks(
        "get-notifies-nobody",
        "exercises/bounded_buffer.rs",
        &[("        self.not_full.notify(1);\n", "")],
    ),
    Counts.threads(
        "one-end-too-few",
        "exercises/pool_from_scratch.rs",
        &[("for _ in &self.workers {", "for _ in self.workers.iter().skip(1) {")],
    ),
    Counts.threads(
        "one-mapper-too-many",
        "exercises/parallel_map.rs",
        &[("(0..workers).map", "(0..=workers).map")],
    ),
    Counts.threads(
        "notify-all-wakes-one",
        "primitives/condition.rs",
        &[("            self.changed.notify_all();", "            self.changed.notify_one();")],
    ),
    Counts.tasks(
        "notify-all-wakes-one-too",
        "primitives/condition.rs",
        &[("self.notify(usize::MAX)", "self.notify(1)")],
    ),
    Counts.tasks(
        "set-wakes-one",
        "primitives/event.rs",
        &[("self.was_set.notify_waiters();", "self.was_set.notify_one();")],
    ),
    Counts.threads(
        "barrier-ends-one-early",
        "primitives/barrier.rs",
        &[("if state.arrived == self.parties {", "if state.arrived + 1 >= self.parties {")],
    ),
    Counts.tasks(
        "barrier-wakes-one",
        "primitives/barrier.rs",
        &[("round.over.notify_waiters();", "round.over.notify_one();")],
    ),
    Counts.threads(
        "writer-is-not-woken",
        "primitives/read_write_lock.rs",
        &[("state.waiting_to_write > 0", "state.waiting_to_write > 1")],
    ),
    Counts.threads(
        "queue-counts-what-is-taken-as-done",
        "primitives/queue.rs",
        &[(
            r#".expect("whoever takes an item out has seen it");"#,
            r#".expect("whoever takes an item out has seen it");
        state.unfinished -= 1;"#,
        )],
    ),
    Counts.tasks(
        "queue-is-done-one-early",
        "primitives/queue.rs",
        &[("        if state.unfinished == 0 {", "        if state.unfinished <= 1 {")],
    ),
    Counts.tasks(
        "jobs-done-are-not-counted",
        "primitives/handle.rs",
        &[("        *tally += usize::from(ended);\n", "")],
    ),
    Counts.tasks("pool-of-one", "primitives/pool.rs", &[("(0..workers).map(spawn)", "(0..1).map(spawn)")]),
    Counts.tasks(
        "managed-worker-starts-twice",
        "primitives/managed_worker.rs",
        &[("if self.handle.is_some() {", "if self.handle.as_ref().is_some_and(JoinHandle::is_finished) {")],
    ),
    Counts.threads(
        "reentrant-lock-owned-without-a-count",
        "primitives/reentrant_lock.rs",
        &[("count: 1 }", "count: 0 }")],
    ),
    Counts.tasks(
        "reentrant-lock-does-not-count-again",
        "primitives/reentrant_lock.rs",
        &[("        state.count += usize::from(again);\n", "")],
    ),
];
