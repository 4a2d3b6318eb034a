//! A wrong value: in a step, in the outcome, or in the name of an actor.

use crate::fault::Class::Values;
use crate::fault::Fault;

pub(super) const FAULTS: &[Fault] = &[
    Values.threads(
        "numbers-begin-with-one",
        "introduction/sequential.rs",
        &[("for value in 0..count {", "for value in 1..=count {")],
    ),
    Values.tasks(
        "letters-is-number-two",
        "introduction/concurrent.rs",
        &[(r#"stage.actor("letters", 1)"#, r#"stage.actor("letters", 2)"#)],
    ),
    Values.threads(
        "cpu-bound-sums-doubles",
        "gil/cpu_bound.rs",
        &[("cpu_bound(iterations);", "(0..iterations).map(|i| u128::from(i) * 2).sum();")],
    ),
    Values.tasks(
        "cpu-bound-sums-one-too-far",
        "gil/cpu_bound.rs",
        &[("cpu_bound(iterations)", "cpu_bound(iterations + 1)")],
    ),
    Values.threads(
        "io-bound-tells-milliseconds",
        "gil/io_bound.rs",
        &[("wait.as_secs_f64()", "wait.as_millis()")],
    ),
    Values.threads(
        "alive-is-finished",
        "creating/arguments.rs",
        &[("!handle.is_finished()", "handle.is_finished()")],
    ),
    Values.tasks(
        "arguments-counts-from-one",
        "creating/arguments.rs",
        &[(r#"format!("{}: {index}", plan.label)"#, r#"format!("{}: {}", plan.label, index + 1)"#)],
    ),
    Values.threads(
        "worker-struct-says-the-sum-before",
        "creating/worker_struct.rs",
        &[(
            "        total += number;
        actor.says(Step::Added { total });",
            "        actor.says(Step::Added { total });
        total += number;",
        )],
    ),
    Values.threads(
        "demo-takes-itself-for-main",
        "creating/attributes.rs",
        &[("main: current.id() == main_id", "main: current.id() != main_id")],
    ),
    Values.tasks(
        "active-counts-the-workers",
        "creating/attributes.rs",
        &[("num_alive_tasks()", "num_workers()")],
    ),
    Values.tasks(
        "normal-counts-from-one",
        "creating/daemon.rs",
        &[("for index in 0..count {", "for index in 1..=count {")],
    ),
    Values.threads(
        "race-condition-expects-a-sum",
        "synchronization/race_condition.rs",
        &[("plan.workers * plan.times", "plan.workers + plan.times")],
    ),
    // By then, another may have written.
    Values.tasks(
        "wrote-is-read-again",
        "synchronization/race_condition.rs",
        &[(
            "Step::Wrote { value: current + 1 }",
            "Step::Wrote { value: self.value.load(Ordering::Relaxed) }",
        )],
    ),
    Values.threads(
        "leaving-says-the-stale-value",
        "synchronization/safe_counter.rs",
        &[("Step::Leaving { value: *value }", "Step::Leaving { value: current }")],
    ),
    Values.threads(
        "deepest-is-the-outermost",
        "locks/reentrant_lock.rs",
        &[(
            "        recursive_function(main, lock, level - 1)\n",
            "        recursive_function(main, lock, level - 1);
        count\n",
        )],
    ),
    Values.tasks(
        "all-workers-are-number-0",
        "locks/semaphore.rs",
        &[(r#"stage.actor("worker", number)"#, r#"stage.actor("worker", 0)"#)],
    ),
    Values.threads(
        "bounded-semaphore-of-one-more",
        "locks/bounded_semaphore.rs",
        &[("BoundedSemaphore::new(plan.permits)", "BoundedSemaphore::new(plan.permits + 1)")],
    ),
    Values.tasks(
        "bounded-semaphore-shows-its-error-raw",
        "locks/bounded_semaphore.rs",
        &[("error.to_string()", r#"format!("{error:?}")"#)],
    ),
    Values.threads(
        "barrier-workers-count-from-one",
        "signals/barrier.rs",
        &[("(0..plan.parties).map(spawn)", "(1..=plan.parties).map(spawn)")],
    ),
    Values.tasks(
        "the-last-leads",
        "signals/barrier.rs",
        &[("leader: place == 0", "leader: place == plan.parties - 1")],
    ),
    Values.threads(
        "contents-of-another-page",
        "pools/as_completed.rs",
        &[("        contents[page] = handle", "        contents[completed.len()] = handle")],
    ),
    Values.tasks(
        "downloads-another-page",
        "pools/as_completed.rs",
        &[(r#"client.get(&format!("/page{page}"))"#, r#"client.get(&format!("/page{}", page / 2))"#)],
    ),
    Values.tasks(
        "ordered-map-doubles",
        "pools/ordered_map.rs",
        &[("            item * item\n", "            item + item\n")],
    ),
    Values.threads(
        "exceptions-fail-where-they-succeed",
        "pools/exceptions.rs",
        &[("failed: result.is_err()", "failed: result.is_ok()")],
    ),
    Values.threads(
        "callbacks-doubles",
        "pools/callbacks.rs",
        &[("let result = plan.number * plan.number;", "let result = plan.number + plan.number;")],
    ),
    // Whoever calls is a task, so it is always true.
    Values.tasks(
        "called-back-by-any-task",
        "pools/callbacks.rs",
        &[("task::try_id() == Some(self.task)", "task::try_id().is_some()")],
    ),
    Values.threads(
        "all-bind-the-same",
        "locals/local_data.rs",
        &[("VALUE.set(Some(number));", "VALUE.set(Some(plan.workers));")],
    ),
    Values.tasks(
        "bound-is-one-off",
        "locals/local_data.rs",
        &[("VALUE.scope(number, ", "VALUE.scope(number + 1, ")],
    ),
    Values.threads(
        "all-connections-are-number-0",
        "locals/connection_per_worker.rs",
        &[("DatabaseConnection::open(worker.number(), database)", "DatabaseConnection::open(0, database)")],
    ),
    Values.tasks(
        "rows-are-counted-from-zero",
        "locals/connection_per_worker.rs",
        &[(".count(),", ".count() - 1,")],
    ),
    Values.threads(
        "produced-is-the-next",
        "practices/producer_consumer.rs",
        &[("Step::Produced { number, item }", "Step::Produced { number: number + 1, item }")],
    ),
    Values.threads(
        "all-items-are-of-producer-0",
        "practices/many_producers_consumers.rs",
        &[(
            "Some(Item { producer: id, number, consuming })",
            "Some(Item { producer: 0, number, consuming })",
        )],
    ),
    // So that how long it takes to consume an item is how long it took to produce it.
    Values.tasks(
        "draws-the-same-number-twice",
        "practices/many_producers_consumers.rs",
        &[("draw(key + 1)", "draw(key)")],
    ),
    Values.threads(
        "writing-says-the-stale-value",
        "practices/reader_writer.rs",
        &[("Step::Writing { value: self.plan.written }", "Step::Writing { value: *value }")],
    ),
    Values.tasks(
        "lock-begins-with-another-value",
        "practices/reader_writer.rs",
        &[("PolicyLock::<u64, P>::new(0)", "PolicyLock::<u64, P>::new(1)")],
    ),
    Values.threads(
        "managed-worker-returns-a-round-too-few",
        "practices/managed_worker.rs",
        &[("return rounds;", "return rounds - 1;")],
    ),
    Values.tasks(
        "all-lives-are-the-first",
        "practices/managed_worker.rs",
        &[(r#".actor("worker", life)"#, r#".actor("worker", 1)"#)],
    ),
    Values.threads(
        "left-is-the-capacity",
        "exercises/bounded_buffer.rs",
        &[("        self.items().len()", "        self.capacity")],
    ),
    Values.threads(
        "constructed-counts-those-who-asked",
        "exercises/singleton.rs",
        &[
            ("                constructed.fetch_add(1, Ordering::Relaxed);\n", ""),
            (
                "            caller.says(Step::Asking);",
                "            caller.says(Step::Asking);
            constructed.fetch_add(1, Ordering::Relaxed);",
            ),
        ],
    ),
    Values.tasks(
        "singletons-value-is-forgotten",
        "exercises/singleton.rs",
        &[("let value = plan.value.clone();", "let value = String::new();")],
    ),
    Values.tasks(
        "tick-numbers-stand-still",
        "exercises/periodic_task.rs",
        &[("            number += 1;\n", "")],
    ),
    Values.tasks(
        "jobs-are-numbered-after-the-fact",
        "exercises/pool_from_scratch.rs",
        &[(
            "        self.queue.put(Some((self.submitted, job))).await;
        self.submitted += 1;",
            "        self.submitted += 1;
        self.queue.put(Some((self.submitted, job))).await;",
        )],
    ),
    Values.threads(
        "parallel-map-names-its-workers-anew",
        "exercises/parallel_map.rs",
        &[("stage.actor(worker, number)", "stage.actor(worker, number % 2)")],
    ),
    Values.tasks(
        "errors-are-numbered-among-themselves",
        "exercises/parallel_map.rs",
        &[("errors.push((index, error.to_string()))", "errors.push((errors.len(), error.to_string()))")],
    ),
    Values.threads(
        "running-also-when-done",
        "primitives/handle.rs",
        &[("running && !self.is_done()", "running || self.is_done()")],
    ),
    Values.tasks(
        "locked-says-free",
        "primitives/lock.rs",
        &[("available_permits() == 0", "available_permits() > 0")],
    ),
    Values.tasks(
        "recursion-counts-to-one",
        "primitives/reentrant_lock.rs",
        &[("{ state.count } else { 0 }", "{ state.count.min(1) } else { 0 }")],
    ),
    Values.threads(
        "letters-are-bytes",
        "introduction/sequential.rs",
        &[("for letter in letters.chars() {", "for letter in letters.bytes().map(char::from) {")],
    ),
];
