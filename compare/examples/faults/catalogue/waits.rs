//! A pause or a timeout that is noted but not made, too short, or not where it belongs.

use crate::fault::Class::Waits;
use crate::fault::Fault;

pub(super) const FAULTS: &[Fault] = &[
    Waits.threads(
        "numbers-note-a-pause-only",
        "introduction/sequential.rs",
        &[(
            "        pause(actor, interval);
        actor.says(Step::Number { value });",
            "        let _ = actor.pauses(interval);
        actor.says(Step::Number { value });",
        )],
    ),
    // `let _ =` keeps the compiler from saying that nobody awaits it.
    Waits.tasks(
        "letters-do-not-await-their-pause",
        "introduction/sequential.rs",
        &[(
            "        pause(actor, interval).await;
        actor.says(Step::Letter { letter });",
            "        let _ = pause(actor, interval);
        actor.says(Step::Letter { letter });",
        )],
    ),
    Waits.threads(
        "io-bound-waits-half-as-long",
        "gil/io_bound.rs",
        &[(
            "    pause(actor, wait);",
            "    if let Some(scaled) = actor.pauses(wait) {
        thread::sleep(scaled / 2);
    }",
        )],
    ),
    Waits.tasks(
        "arguments-do-not-await-their-pause",
        "creating/arguments.rs",
        &[("        pause(actor, plan.interval).await;", "        let _ = pause(actor, plan.interval);")],
    ),
    Waits.threads(
        "worker-struct-pauses-a-tenth",
        "creating/worker_struct.rs",
        &[(
            "        pause(actor, plan.interval);",
            "        if let Some(scaled) = actor.pauses(plan.interval) {
            thread::sleep(scaled / 10);
        }",
        )],
    ),
    Waits.tasks(
        "worker-struct-pauses-half",
        "creating/worker_struct.rs",
        &[(
            "        pause(actor, plan.interval).await;",
            "        match actor.pauses(plan.interval) {
            Some(scaled) => tokio::time::sleep(scaled / 2).await,
            None => task::yield_now().await,
        }",
        )],
    ),
    Waits.threads(
        "demo-does-not-hold",
        "creating/attributes.rs",
        &[("        pause(&demo, plan.hold);", "        let _ = demo.pauses(plan.hold);")],
    ),
    Waits.threads(
        "daemon-looks-instead-of-waiting",
        "creating/daemon.rs",
        &[(
            "    stopped.recv_timeout(scaled) == Err(RecvTimeoutError::Disconnected)",
            "    stopped.recv_timeout(scaled / 10) == Err(RecvTimeoutError::Disconnected)",
        )],
    ),
    Waits.tasks(
        "normal-does-not-await-its-pause",
        "creating/daemon.rs",
        &[("        pause(normal, interval).await;", "        let _ = pause(normal, interval);")],
    ),
    // Noted where it belongs, and made where it disturbs nobody.
    Waits.threads(
        "race-condition-pauses-after-the-write",
        "synchronization/race_condition.rs",
        &[
            ("        pause(worker, processing);", "        let scaled = worker.pauses(processing);"),
            (
                "        worker.says(Step::Wrote { value: current + 1 });",
                "        worker.says(Step::Wrote { value: current + 1 });
        thread::sleep(scaled.unwrap_or_default());",
            ),
        ],
    ),
    Waits.tasks(
        "safe-counter-pauses-outside-the-lock",
        "synchronization/safe_counter.rs",
        &[
            ("        pause(worker, processing).await;", "        let pause = pause(worker, processing);"),
            (
                "        worker.says(Step::Leaving { value: *value });",
                "        worker.says(Step::Leaving { value: *value });
        drop(value);
        pause.await;",
            ),
        ],
    ),
    Waits.threads(
        "lock-waits-a-tenth-for-it",
        "locks/lock.rs",
        &[("lock.acquire_timeout(patience)", "lock.acquire_timeout(patience / 10)")],
    ),
    Waits.tasks(
        "lock-does-not-wait-for-it",
        "locks/lock.rs",
        &[(
            "let patience = main.waits(plan.patience).unwrap_or_default();
    let got_late = lock.acquire_timeout(patience).await;",
            "let _ = main.waits(plan.patience);
    let got_late = lock.try_acquire();",
        )],
    ),
    Waits.threads(
        "semaphore-holds-outside",
        "locks/semaphore.rs",
        &[
            ("            pause(&worker, plan.hold);", "            let scaled = worker.pauses(plan.hold);"),
            (
                "            drop(permit);",
                "            drop(permit);
            thread::sleep(scaled.unwrap_or_default());",
            ),
        ],
    ),
    Waits.tasks(
        "semaphore-does-not-await-its-hold",
        "locks/semaphore.rs",
        &[("            pause(&worker, plan.hold).await;", "            let _ = pause(&worker, plan.hold);")],
    ),
    Waits.tasks(
        "condition-prepares-nothing",
        "signals/condition.rs",
        &[(
            "            }
            pause(&producer, plan.preparation).await;",
            "            }
            let _ = pause(&producer, plan.preparation);",
        )],
    ),
    Waits.threads(
        "event-set-without-delay",
        "signals/event.rs",
        &[("            pause(&setter, plan.delay);", "            let _ = setter.pauses(plan.delay);")],
    ),
    Waits.threads(
        "event-timeout-only-looks",
        "signals/event_timeout.rs",
        &[(
            "            let timeout = waiter.waits(plan.timeout).unwrap_or_default();
            let was_set = event.wait_timeout(timeout);",
            "            let _ = waiter.waits(plan.timeout);
            let was_set = event.is_set();",
        )],
    ),
    Waits.tasks(
        "event-timeout-waits-a-quarter",
        "signals/event_timeout.rs",
        &[("event.wait_timeout(timeout).await", "event.wait_timeout(timeout / 4).await")],
    ),
    Waits.threads(
        "barrier-workers-do-not-work",
        "signals/barrier.rs",
        &[(
            "            pause(&worker, plan.longest.mul_f64(worker.draw(0)));",
            "            let _ = worker.pauses(plan.longest.mul_f64(worker.draw(0)));",
        )],
    ),
    Waits.threads(
        "downloads-have-no-patience",
        "pools/as_completed.rs",
        &[("timeout_global(Some(delay + plan.patience))", "timeout_global(Some(delay))")],
    ),
    Waits.tasks(
        "origin-is-asked-for-microseconds",
        "pools/as_completed.rs",
        &[("self.delay.as_nanos()", "self.delay.as_micros()")],
    ),
    Waits.threads(
        "ordered-map-notes-a-pause-only",
        "pools/ordered_map.rs",
        &[("        pause(&worker, plan.processing);", "        let _ = worker.pauses(plan.processing);")],
    ),
    Waits.tasks(
        "exceptions-do-not-await-their-work",
        "pools/exceptions.rs",
        &[(
            "            pause(worker, plan.working).await;",
            "            let _ = pause(worker, plan.working);",
        )],
    ),
    Waits.threads(
        "callbacks-has-no-patience",
        "pools/callbacks.rs",
        &[("handle.result_timeout(patience)", "handle.result_timeout(std::time::Duration::ZERO)")],
    ),
    Waits.tasks(
        "local-data-does-not-keep-its-value",
        "locals/local_data.rs",
        &[("    pause(worker, plan.interval).await;", "    let _ = pause(worker, plan.interval);")],
    ),
    Waits.threads(
        "consumer-consumes-in-no-time",
        "practices/producer_consumer.rs",
        &[("        pause(consumer, plan.consuming);", "        let _ = consumer.pauses(plan.consuming);")],
    ),
    Waits.tasks(
        "consumer-pauses-when-it-is-done",
        "practices/producer_consumer.rs",
        &[
            (
                "        pause(consumer, plan.consuming).await;",
                "        let pause = pause(consumer, plan.consuming);",
            ),
            (
                r#"        queue.task_done().expect("it was got, and is done once");"#,
                r#"        queue.task_done().expect("it was got, and is done once");
        pause.await;"#,
            ),
        ],
    ),
    // Many looks instead of one wait.
    Waits.threads(
        "consumers-look-instead-of-waiting",
        "practices/many_producers_consumers.rs",
        &[(
            "Some(polling) => queue.get_timeout(polling).ok().flatten(),",
            "Some(_) => queue.try_get().ok().flatten(),",
        )],
    ),
    Waits.threads(
        "readers-do-not-stay",
        "practices/reader_writer.rs",
        &[("        pause(reader, self.plan.inside);", "        let _ = reader.pauses(self.plan.inside);")],
    ),
    Waits.tasks(
        "writer-does-not-stay",
        "practices/reader_writer.rs",
        &[(
            "        pause(writer, self.plan.inside).await;",
            "        let _ = pause(writer, self.plan.inside);",
        )],
    ),
    Waits.threads(
        "managed-worker-waits-a-tenth",
        "practices/managed_worker.rs",
        &[(
            "worker.waits(plan.interval).unwrap_or_default()",
            "worker.waits(plan.interval).unwrap_or_default() / 10",
        )],
    ),
    Waits.threads(
        "ticker-ticks-twice-as-fast",
        "exercises/periodic_task.rs",
        &[
            ("            number = next;", "            number = next.max(number + 1);"),
            ("            left\n", "            left / 2\n"),
        ],
    ),
    // So that it drifts: what a tick takes is added to each interval.
    Waits.tasks(
        "ticker-drifts",
        "exercises/periodic_task.rs",
        &[(
            "            let (next, left) = next_tick(start.elapsed(), interval);
            number = next;
            left",
            "            number += 1;
            interval",
        )],
    ),
    Waits.threads(
        "every-pause-is-half",
        "acting.rs",
        &[("thread::sleep(scaled)", "thread::sleep(scaled / 2)")],
    ),
    Waits.tasks(
        "every-pause-is-half-too",
        "acting.rs",
        &[("time::sleep(scaled).await", "time::sleep(scaled / 2).await")],
    ),
    Waits.threads(
        "event-waits-half-as-long",
        "primitives/event.rs",
        &[("wait_timeout_while(state, timeout, |state|", "wait_timeout_while(state, timeout / 2, |state|")],
    ),
    Waits.tasks(
        "event-waits-half-as-long-too",
        "primitives/event.rs",
        &[("time::timeout(timeout, self.wait())", "time::timeout(timeout / 2, self.wait())")],
    ),
    Waits.threads(
        "consumer-ends-when-nothing-comes",
        "practices/producer_consumer.rs",
        &[(
            "while let Some((number, item)) = queue.get() {",
            "while let Ok(Some((number, item))) = queue.get_timeout(plan.producing) {",
        )],
    ),
    Waits.threads(
        "daemon-sleeps-through-its-stop",
        "creating/daemon.rs",
        &[(
            "stopped.recv_timeout(scaled) == Err(RecvTimeoutError::Disconnected)",
            "thread::sleep(scaled);
    stopped.try_recv() == Err(TryRecvError::Disconnected)",
        )],
    ),
    Waits.threads(
        "condition-is-not-looked-at-again",
        "signals/condition.rs",
        &[(
            "        loop {
            if let Some(payload) = &*data {
                consumer.says(Step::Received);
                return payload.clone();
            }
            consumer.says(Step::Waiting);
            data = self.ready.wait(data);
        }",
            "        if data.is_none() {
            consumer.says(Step::Waiting);
            data = self.ready.wait(data);
        }
        consumer.says(Step::Received);
        data.clone().unwrap_or_default()",
        )],
    ),
    Waits.tasks(
        "condition-is-not-looked-at-again-too",
        "signals/condition.rs",
        &[(
            "        loop {
            if let Some(payload) = &*data {
                consumer.says(Step::Received);
                return payload.clone();
            }
            consumer.says(Step::Waiting);
            data = self.ready.wait(data).await;
        }",
            "        if data.is_none() {
            consumer.says(Step::Waiting);
            data = self.ready.wait(data).await;
        }
        consumer.says(Step::Received);
        data.clone().unwrap_or_default()",
        )],
    ),
    Waits.tasks(
        "worker-is-asked-to-go-on-before-it-is-looked-at",
        "creating/arguments.rs",
        &[
            ("    asked.send(()).expect(\"the worker waits to be asked for\");\n", ""),
            (
                "    let while_running",
                "    asked.send(()).expect(\"the worker waits to be asked for\");
    let while_running",
            ),
        ],
    ),
];
