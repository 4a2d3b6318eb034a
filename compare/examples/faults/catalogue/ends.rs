//! Nobody waits for an actor's end, or too late.

use crate::fault::Class::Ends;
use crate::fault::Fault;

pub(super) const FAULTS: &[Fault] = &[
    Ends.threads(
        "daemon-is-not-joined",
        "creating/daemon.rs",
        &[("    join(daemon);\n", "    drop(daemon);\n")],
    ),
    Ends.tasks(
        "daemon-aborted-and-not-awaited",
        "creating/daemon.rs",
        &[(
            r#"    let aborted = daemon.await.expect_err("a daemon doesn't return");
    assert!(aborted.is_cancelled(), "the daemon panicked");
"#,
            "",
        )],
    ),
    Ends.tasks(
        "daemon-is-left-behind",
        "creating/daemon.rs",
        &[(
            r#"    daemon.abort();
    let aborted = daemon.await.expect_err("a daemon doesn't return");
    assert!(aborted.is_cancelled(), "the daemon panicked");
"#,
            "    drop(daemon);\n",
        )],
    ),
    Ends.tasks(
        "race-condition-does-not-join",
        "synchronization/race_condition.rs",
        &[(
            "    for worker in workers {
        join(worker).await;
    }\n",
            "    drop(workers);\n",
        )],
    ),
    Ends.threads(
        "safe-counter-joins-all-but-one",
        "synchronization/safe_counter.rs",
        &[("for worker in workers {", "for worker in workers.into_iter().skip(1) {")],
    ),
    Ends.threads(
        "lock-joins-when-all-is-said",
        "locks/lock.rs",
        &[
            ("    join(holder);\n", ""),
            (
                "    Outcome { got_free, got_held, locked: lock.locked() }",
                "    let outcome = Outcome { got_free, got_held, locked: lock.locked() };
    join(holder);
    outcome",
            ),
        ],
    ),
    Ends.tasks(
        "lock-does-not-join-its-holder",
        "locks/lock.rs",
        &[("    join(holder).await;\n", "    drop(holder);\n")],
    ),
    Ends.threads(
        "semaphore-does-not-join",
        "locks/semaphore.rs",
        &[(
            "    for worker in workers {
        join(worker);
    }\n",
            "    drop(workers);\n",
        )],
    ),
    Ends.threads(
        "condition-does-not-join-its-producer",
        "signals/condition.rs",
        &[("    join(producer);\n", "    drop(producer);\n")],
    ),
    Ends.tasks(
        "condition-aborts-its-producer",
        "signals/condition.rs",
        &[("    join(producer).await;\n", "    producer.abort();\n")],
    ),
    Ends.threads(
        "event-joins-its-setter-after-the-end",
        "signals/event.rs",
        &[
            ("    join(setter);\n", ""),
            (
                "    main.says(Step::Finished { set });",
                "    main.says(Step::Finished { set });
    join(setter);",
            ),
        ],
    ),
    Ends.tasks(
        "event-does-not-join-its-setter",
        "signals/event.rs",
        &[("    join(setter).await;\n", "    drop(setter);\n")],
    ),
    Ends.tasks(
        "as-completed-leaves-its-pool",
        "pools/as_completed.rs",
        &[("    pool.shutdown(true).await;\n", "")],
    ),
    Ends.tasks(
        "ordered-map-does-not-await-the-shutdown",
        "pools/ordered_map.rs",
        &[("    pool.shutdown(true).await;\n", "    let _ = pool.shutdown(true);\n")],
    ),
    Ends.tasks(
        "exceptions-shuts-down-without-waiting",
        "pools/exceptions.rs",
        &[("pool.shutdown(true).await;", "pool.shutdown(false).await;")],
    ),
    // It is no actor, but a thread of the runtime's pool that closes the file.
    Ends.tasks(
        "connection-closed-by-nobody-knows-when",
        "locals/connection_per_worker.rs",
        &[(
            "join(task::spawn_blocking(move || drop(connection))).await;",
            "task::spawn_blocking(move || drop(connection));",
        )],
    ),
    Ends.threads(
        "producer-is-not-joined",
        "practices/producer_consumer.rs",
        &[("    join(producer);\n", "    drop(producer);\n")],
    ),
    Ends.tasks(
        "producer-is-joined-after-the-end",
        "practices/producer_consumer.rs",
        &[
            ("    join(producer).await;\n", ""),
            (
                "    stage.main().says(Step::Joined { all_done });",
                "    stage.main().says(Step::Joined { all_done });
    join(producer).await;",
            ),
        ],
    ),
    Ends.threads(
        "producers-are-joined-after-it-is-said",
        "practices/many_producers_consumers.rs",
        &[(
            "    for producer in producers {
        join(producer);
    }
    main.says(Step::AllProduced);\n",
            "    main.says(Step::AllProduced);
    for producer in producers {
        join(producer);
    }\n",
        )],
    ),
    Ends.tasks(
        "consumers-are-joined-after-it-is-said",
        "practices/many_producers_consumers.rs",
        &[
            ("    main.says(Step::AllDone);\n", ""),
            (
                "    let mut consumed = Vec::new();
    for",
                "    let mut consumed = Vec::new();
    main.says(Step::AllDone);
    for",
            ),
        ],
    ),
    Ends.threads(
        "writer-is-not-joined",
        "practices/reader_writer.rs",
        &[("    join(writer);\n", "    drop(writer);\n")],
    ),
    Ends.tasks(
        "writer-is-detached",
        "practices/reader_writer.rs",
        &[("    join(writer).await;\n", "    drop(writer);\n")],
    ),
    Ends.tasks(
        "managed-worker-stopped-after-it-is-said",
        "practices/managed_worker.rs",
        &[(
            "        rounds.extend(worker.stop().await);
        main.says(Step::Stopped { life });",
            "        worker.ask_to_stop();
        main.says(Step::Stopped { life });
        rounds.extend(worker.stop().await);",
        )],
    ),
    Ends.threads(
        "putter-is-not-joined",
        "exercises/bounded_buffer.rs",
        &[("    join(putter);\n", "    drop(putter);\n")],
    ),
    Ends.tasks(
        "putter-is-detached",
        "exercises/bounded_buffer.rs",
        &[("    join(putter).await;\n", "    drop(putter);\n")],
    ),
    Ends.threads(
        "ticker-joined-after-it-is-said",
        "exercises/periodic_task.rs",
        &[(
            "        ticks.extend(ticker.join());
        main.says(Step::Stopped { life });",
            "        main.says(Step::Stopped { life });
        ticks.extend(ticker.join());",
        )],
    ),
    Ends.threads(
        "pool-from-scratch-does-not-join",
        "exercises/pool_from_scratch.rs",
        &[("                join(worker);", "                drop(worker);")],
    ),
    Ends.tasks(
        "pool-from-scratch-aborts",
        "exercises/pool_from_scratch.rs",
        &[
            ("                let ended = worker.await;", "                worker.abort();"),
            (
                r#"                ended.expect("a worker catches what its jobs panic with");
"#,
                "",
            ),
        ],
    ),
    Ends.tasks(
        "parallel-map-leaves-its-pool",
        "exercises/parallel_map.rs",
        &[("    pool.shutdown(true).await;\n", "")],
    ),
    Ends.threads(
        "pool-does-not-join-its-workers",
        "primitives/pool.rs",
        &[("                let _ = worker.join();", "                drop(worker);")],
    ),
    Ends.tasks(
        "pool-does-not-await-its-workers",
        "primitives/pool.rs",
        &[("                let _ = worker.await;", "                worker.abort();")],
    ),
    Ends.tasks(
        "managed-worker-aborts",
        "primitives/managed_worker.rs",
        &[(
            "        self.ask_to_stop();
        self.join().await",
            "        self.ask_to_stop();
        let worker = self.handle.take()?;
        worker.abort();
        worker.await.ok()",
        )],
    ),
];
