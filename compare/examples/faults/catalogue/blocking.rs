//! A task keeps its worker from the others.

use crate::fault::Class::Blocking;
use crate::fault::Fault;

pub(super) const FAULTS: &[Fault] = &[
    // Stands for a computation between two awaits.
    Blocking.tasks(
        "letters-compute-between-awaits",
        "introduction/sequential.rs",
        &[(
            "        actor.says(Step::Letter { letter });",
            "        actor.says(Step::Letter { letter });
        std::thread::sleep(interval / 50);",
        )],
    ),
    Blocking.tasks(
        "cpu-bound-on-the-worker",
        "gil/cpu_bound.rs",
        &[("join(task::spawn_blocking(move || cpu_bound(iterations))).await", "cpu_bound(iterations)")],
    ),
    Blocking.tasks(
        "cpu-bound-blocks-in-place",
        "gil/cpu_bound.rs",
        &[(
            "join(task::spawn_blocking(move || cpu_bound(iterations))).await",
            "task::block_in_place(|| cpu_bound(iterations))",
        )],
    ),
    Blocking.tasks(
        "io-bound-sleeps-its-thread",
        "gil/io_bound.rs",
        &[(
            "    pause(actor, wait).await;",
            "    if let Some(scaled) = actor.pauses(wait) {
        std::thread::sleep(scaled);
    }",
        )],
    ),
    Blocking.tasks(
        "arguments-waits-in-a-std-channel",
        "creating/arguments.rs",
        &[
            ("oneshot::channel()", "std::sync::mpsc::channel()"),
            ("until_asked.await.expect", "until_asked.recv().expect"),
        ],
    ),
    Blocking.tasks(
        "daemon-sleeps-its-thread",
        "creating/daemon.rs",
        &[(
            "        pause(daemon, interval).await;",
            "        match daemon.waits(interval) {
            Some(scaled) => std::thread::sleep(scaled),
            None => task::yield_now().await,
        }",
        )],
    ),
    Blocking.tasks(
        "race-condition-sleeps-its-thread",
        "synchronization/race_condition.rs",
        &[(
            "        pause(worker, processing).await;",
            "        if let Some(scaled) = worker.pauses(processing) {
            std::thread::sleep(scaled);
        }",
        )],
    ),
    Blocking.tasks(
        "safe-counter-sleeps-with-the-lock",
        "synchronization/safe_counter.rs",
        &[(
            "        pause(worker, processing).await;",
            "        if let Some(scaled) = worker.pauses(processing) {
            std::thread::sleep(scaled);
        }",
        )],
    ),
    Blocking.tasks(
        "lock-spins-until-it-is-held",
        "locks/lock.rs",
        &[(
            "    held.wait().await;",
            "    while !held.is_set() {
        std::thread::yield_now();
    }",
        )],
    ),
    Blocking.tasks(
        "semaphore-sleeps-with-a-permit",
        "locks/semaphore.rs",
        &[(
            "            pause(&worker, plan.hold).await;",
            "            if let Some(scaled) = worker.pauses(plan.hold) {
                std::thread::sleep(scaled);
            }",
        )],
    ),
    Blocking.tasks(
        "event-timeout-sleeps-its-thread",
        "signals/event_timeout.rs",
        &[(
            "let was_set = event.wait_timeout(timeout).await;",
            "std::thread::sleep(timeout);
            let was_set = event.is_set();",
        )],
    ),
    Blocking.tasks(
        "barrier-workers-sleep-their-threads",
        "signals/barrier.rs",
        &[(
            "            pause(&worker, plan.longest.mul_f64(worker.draw(0))).await;",
            "            if let Some(scaled) = worker.pauses(plan.longest.mul_f64(worker.draw(0))) {
                std::thread::sleep(scaled);
            }",
        )],
    ),
    Blocking.tasks(
        "download-sleeps-before-it-asks",
        "pools/as_completed.rs",
        &[(
            "    worker.says(Step::Requesting { page });",
            "    worker.says(Step::Requesting { page });
    std::thread::sleep(client.delay);",
        )],
    ),
    Blocking.tasks(
        "ordered-map-sleeps-its-threads",
        "pools/ordered_map.rs",
        &[(
            "            pause(&worker, plan.processing).await;",
            "            if let Some(scaled) = worker.pauses(plan.processing) {
                std::thread::sleep(scaled);
            }",
        )],
    ),
    Blocking.tasks(
        "callbacks-spins-until-looked-at",
        "pools/callbacks.rs",
        &[(
            "            looked.wait().await;",
            "            while !looked.is_set() {
                std::hint::spin_loop();
            }",
        )],
    ),
    Blocking.tasks(
        "local-data-blocks-its-own-task",
        "locals/local_data.rs",
        &[("join(task::spawn_blocking(has_value)).await", "has_value()")],
    ),
    Blocking.tasks(
        "connection-queried-on-the-worker",
        "locals/connection_per_worker.rs",
        &[("join(task::spawn_blocking(move || connection.query(SQL))).await", "connection.query(SQL)")],
    ),
    Blocking.tasks(
        "connection-opened-on-the-worker",
        "locals/connection_per_worker.rs",
        &[(
            "join(task::spawn_blocking(move || DatabaseConnection::open(number, &database))).await",
            "DatabaseConnection::open(number, &database)",
        )],
    ),
    Blocking.tasks(
        "connection-closed-on-the-worker",
        "locals/connection_per_worker.rs",
        &[("join(task::spawn_blocking(move || drop(connection))).await", "drop(connection)")],
    ),
    Blocking.tasks(
        "consumer-sleeps-its-thread",
        "practices/producer_consumer.rs",
        &[(
            "        pause(consumer, plan.consuming).await;",
            "        if let Some(scaled) = consumer.pauses(plan.consuming) {
            std::thread::sleep(scaled);
        }",
        )],
    ),
    Blocking.tasks(
        "consumers-poll-asleep",
        "practices/many_producers_consumers.rs",
        &[(
            "Some(polling) => queue.get_timeout(polling).await.ok().flatten(),",
            "Some(polling) => match queue.try_get() {
                Ok(item) => item,
                Err(_) => {
                    std::thread::sleep(polling);
                    None
                }
            },",
        )],
    ),
    Blocking.tasks(
        "reader-sleeps-inside",
        "practices/reader_writer.rs",
        &[(
            "        pause(reader, self.plan.inside).await;",
            "        if let Some(scaled) = reader.pauses(self.plan.inside) {
            std::thread::sleep(scaled);
        }",
        )],
    ),
    Blocking.tasks(
        "held-workers-spin-until-released",
        "exercises/pool_from_scratch.rs",
        &[(
            "            release.wait().await;",
            "            while !release.is_set() {
                std::thread::yield_now();
            }",
        )],
    ),
    Blocking.tasks(
        "pool-waits-for-its-workers-spinning",
        "primitives/pool.rs",
        &[(
            "                let _ = worker.await;",
            "                while !worker.is_finished() {
                    std::thread::yield_now();
                }
                let _ = worker.await;",
        )],
    ),
    Blocking.tasks(
        "event-waits-asleep",
        "primitives/event.rs",
        &[(
            "time::timeout(timeout, self.wait()).await.is_ok()",
            "{
            std::thread::sleep(timeout);
            self.is_set()
        }",
        )],
    ),
    Blocking.tasks(
        "every-pause-sleeps-its-thread",
        "acting.rs",
        &[("Some(scaled) => time::sleep(scaled).await,", "Some(scaled) => std::thread::sleep(scaled),")],
    ),
    Blocking.tasks(
        "every-join-blocks",
        "acting.rs",
        &[(
            "    handle.await.unwrap_or_else",
            "    while !handle.is_finished() {
        std::thread::yield_now();
    }
    handle.await.unwrap_or_else",
        )],
    ),
    Blocking.tasks(
        "download-connects-with-std",
        "pools/as_completed.rs",
        &[(
            "let stream = TcpStream::connect(self.origin).await;
            let stream = stream.map_err(|error| DownloadError::of_connecting(&error))?;",
            "let stream = std::net::TcpStream::connect(self.origin);
            let stream = stream.map_err(|error| DownloadError::of_connecting(&error))?;
            stream.set_nonblocking(true).map_err(broken)?;
            let stream = TcpStream::from_std(stream).map_err(broken)?;",
        )],
    ),
];
