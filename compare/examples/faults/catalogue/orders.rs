//! Done or said in the wrong order.

use crate::fault::Class::Orders;
use crate::fault::Fault;

pub(super) const FAULTS: &[Fault] = &[
    Orders.tasks(
        "finished-is-said-before-the-letters",
        "introduction/concurrent.rs",
        &[
            ("    main.says(Step::Finished);\n", ""),
            (
                "    let letters = join",
                "    main.says(Step::Finished);
    let letters = join",
            ),
        ],
    ),
    Orders.threads(
        "at-once-finished-is-said-too-early",
        "gil/io_bound.rs",
        &[
            ("    main.says(Step::AtOnceFinished);\n", ""),
            (
                "    let at_once = ",
                "    main.says(Step::AtOnceFinished);
    let at_once = ",
            ),
        ],
    ),
    Orders.threads(
        "normal-done-is-said-too-early",
        "creating/daemon.rs",
        &[
            ("    stage.main().says(Step::NormalDone);\n", ""),
            (
                "    let normal = join(normal);",
                "    stage.main().says(Step::NormalDone);
    let normal = join(normal);",
            ),
        ],
    ),
    Orders.tasks(
        "leaving-is-said-outside",
        "synchronization/safe_counter.rs",
        &[(
            "        worker.says(Step::Leaving { value: *value });",
            "        drop(value);
        worker.says(Step::Leaving { value: current + 1 });",
        )],
    ),
    Orders.tasks(
        "holder-releases-before-it-says-so",
        "locks/lock.rs",
        &[(
            r#"            holder.says(Step::Releasing);
            lock.release().expect("the holder holds it");"#,
            r#"            lock.release().expect("the holder holds it");
            holder.says(Step::Releasing);"#,
        )],
    ),
    Orders.threads(
        "permit-goes-before-it-is-said",
        "locks/semaphore.rs",
        &[
            ("            drop(permit);\n", ""),
            (
                "            worker.says(Step::Releasing);",
                "            drop(permit);
            worker.says(Step::Releasing);",
            ),
        ],
    ),
    Orders.tasks(
        "permit-goes-before-it-is-said-too",
        "locks/semaphore.rs",
        &[
            ("            drop(permit);\n", ""),
            (
                "            worker.says(Step::Releasing);",
                "            drop(permit);
            worker.says(Step::Releasing);",
            ),
        ],
    ),
    Orders.threads(
        "ready-is-published-before-it-is-said",
        "signals/condition.rs",
        &[(
            "        producer.says(Step::Ready);
        self.ready.notify_all();",
            "        self.ready.notify_all();
        drop(data);
        producer.says(Step::Ready);",
        )],
    ),
    // With the lock held, that is no matter; without, whoever looks in between waits for ever.
    Orders.tasks(
        "notifies-before-the-change",
        "signals/condition.rs",
        &[(
            "        let mut data = self.data.lock().await;
        *data = Some(payload);
        producer.says(Step::Ready);
        self.ready.notify_all();",
            "        producer.says(Step::Ready);
        self.ready.notify_all();
        let mut data = self.data.lock().await;
        *data = Some(payload);",
        )],
    ),
    Orders.threads(
        "event-is-set-before-it-is-said",
        "signals/event.rs",
        &[(
            "            setter.says(Step::Setting);
            event.set();",
            "            event.set();
            setter.says(Step::Setting);",
        )],
    ),
    Orders.tasks(
        "event-is-set-before-it-is-said-too",
        "signals/event.rs",
        &[(
            "            setter.says(Step::Setting);
            event.set();",
            "            event.set();
            setter.says(Step::Setting);",
        )],
    ),
    Orders.threads(
        "waiting-is-said-after-the-wait",
        "signals/barrier.rs",
        &[
            ("            worker.says(Step::Waiting);\n", ""),
            (
                "            worker.says(Step::Passed { place, leader: place == 0 });",
                "            worker.says(Step::Waiting);
            worker.says(Step::Passed { place, leader: place == 0 });",
            ),
        ],
    ),
    Orders.threads(
        "producing-is-said-after-the-put",
        "practices/producer_consumer.rs",
        &[
            ("        producer.says(Step::Producing { number, item });\n", ""),
            (
                "        producer.says(Step::Produced { number, item });",
                "        producer.says(Step::Producing { number, item });
        producer.says(Step::Produced { number, item });",
            ),
        ],
    ),
    Orders.tasks(
        "done-before-it-is-consumed",
        "practices/many_producers_consumers.rs",
        &[
            (
                r#"            queue.task_done().expect("it was got, and is done once");
"#,
                "",
            ),
            (
                "            pause(consumer, consuming).await;",
                r#"            queue.task_done().expect("it was got, and is done once");
            pause(consumer, consuming).await;"#,
            ),
        ],
    ),
    Orders.threads(
        "writer-asks-when-it-has-the-lock",
        "practices/reader_writer.rs",
        &[(
            "            writer.says(Step::AskingToWrite);
            scene.write(&writer, lock.write());",
            "            let value = lock.write();
            writer.says(Step::AskingToWrite);
            scene.write(&writer, value);",
        )],
    ),
    Orders.tasks(
        "reader-leaves-before-it-says-so",
        "practices/reader_writer.rs",
        &[(
            "        reader.says(Step::DoneReading);
        *value",
            "        let read = *value;
        drop(value);
        reader.says(Step::DoneReading);
        read",
        )],
    ),
    Orders.threads(
        "stopping-is-said-after-the-stop",
        "practices/managed_worker.rs",
        &[(
            "        main.says(Step::Stopping { life });
        rounds.extend(worker.stop());",
            "        rounds.extend(worker.stop());
        main.says(Step::Stopping { life });",
        )],
    ),
    Orders.threads(
        "put-is-said-before-it-is-in",
        "exercises/bounded_buffer.rs",
        &[(
            "    buffer.put(item);
    actor.says(Step::Put { item });",
            "    actor.says(Step::Put { item });
    buffer.put(item);",
        )],
    ),
    Orders.tasks(
        "buffer-gives-the-last-first",
        "exercises/bounded_buffer.rs",
        &[("items.pop_front()", "items.pop_back()")],
    ),
    Orders.tasks(
        "ticker-is-stopped-before-it-is-said",
        "exercises/periodic_task.rs",
        &[(
            "        main.says(Step::Stopping { life });
        ticker.ask_to_stop();",
            "        ticker.ask_to_stop();
        main.says(Step::Stopping { life });",
        )],
    ),
    Orders.threads(
        "released-before-the-rest-is-cancelled",
        "exercises/pool_from_scratch.rs",
        &[
            ("    release.set();\n", ""),
            (
                "    let cancelled = pool.shutdown(false);",
                "    release.set();
    let cancelled = pool.shutdown(false);",
            ),
        ],
    ),
    Orders.threads(
        "mapped-in-the-order-of-completion",
        "primitives/pool.rs",
        &[(
            "Ok(handles.iter().map(Handle::result).collect())",
            "Ok(super::handle::as_completed(handles).map(|handle| handle.result()).collect())",
        )],
    ),
    Orders.tasks(
        "mapped-in-the-order-of-completion-too",
        "primitives/pool.rs",
        &[(
            "Ok(join_all(handles.iter().map(Handle::result)).await)",
            "let mut done = super::handle::as_completed(handles);
        let mut results = Vec::new();
        while let Some(handle) = futures::StreamExt::next(&mut done).await {
            results.push(handle.result().await);
        }
        Ok(results)",
        )],
    ),
    Orders.tasks(
        "handles-in-the-order-of-submission",
        "primitives/handle.rs",
        &[("let (_, index) = done.min()", "let (_, index) = done.min_by_key(|(_, index)| *index)")],
    ),
    Orders.threads(
        "queue-gives-the-last-first",
        "primitives/queue.rs",
        &[("state.items.pop_front()", "state.items.pop_back()")],
    ),
    Orders.tasks(
        "queue-puts-in-front",
        "primitives/queue.rs",
        &[("state.items.push_back(", "state.items.push_front(")],
    ),
    Orders.threads(
        "fair-lock-serves-the-last-first",
        "primitives/fair_read_write_lock.rs",
        &[(
            "state.queue.push_back((access, Arc::clone(&my_turn)))",
            "state.queue.push_front((access, Arc::clone(&my_turn)))",
        )],
    ),
];
