//! What is to go on at once goes on in turn.

use crate::fault::Class::Concurrency;
use crate::fault::Fault;

pub(super) const FAULTS: &[Fault] = &[
    Concurrency.threads(
        "concurrent-joins-before-the-next",
        "introduction/concurrent.rs",
        &[
            (
                "    let printing_letters",
                "    let numbers = join(printing_numbers);
    let printing_letters",
            ),
            ("    let numbers = join(printing_numbers);\n", ""),
        ],
    ),
    Concurrency.tasks(
        "concurrent-awaits-before-the-next",
        "introduction/concurrent.rs",
        &[
            (
                "    let printing_letters",
                "    let numbers = join(printing_numbers).await;
    let printing_letters",
            ),
            ("    let numbers = join(printing_numbers).await;\n", ""),
        ],
    ),
    Concurrency.threads(
        "cpu-bound-joins-where-it-spawns",
        "gil/cpu_bound.rs",
        &[
            ("thread::spawn(stage", "join(thread::spawn(stage"),
            ("count(&counter, plan.iterations)))", "count(&counter, plan.iterations))))"),
            ("[join(first), join(second)]", "[first, second]"),
        ],
    ),
    // A future that nobody spawned begins when it is awaited.
    Concurrency.tasks(
        "cpu-bound-spawns-nothing",
        "gil/cpu_bound.rs",
        &[
            (
                "task::spawn(
            stage",
                "Box::pin(
            stage",
            ),
            ("[join(first).await, join(second).await]", "[first.await, second.await]"),
        ],
    ),
    Concurrency.threads(
        "io-bound-joins-where-it-spawns",
        "gil/io_bound.rs",
        &[
            ("thread::spawn(stage", "join(thread::spawn(stage"),
            ("io_bound(&sleeper, plan.wait)))", "io_bound(&sleeper, plan.wait))))"),
            ("[join(first), join(second)]", "[first, second]"),
        ],
    ),
    Concurrency.tasks(
        "io-bound-spawns-nothing",
        "gil/io_bound.rs",
        &[
            (
                "task::spawn(
            stage",
                "Box::pin(
            stage",
            ),
            ("[join(first).await, join(second).await]", "[first.await, second.await]"),
        ],
    ),
    // Without `collect`, a thread is spawned when the loop that joins comes to it.
    Concurrency.threads(
        "race-condition-spawns-lazily",
        "synchronization/race_condition.rs",
        &[(
            "let workers: Vec<_> = (1..=plan.workers).map(spawn).collect();",
            "let workers = (1..=plan.workers).map(spawn);",
        )],
    ),
    Concurrency.tasks(
        "race-condition-spawns-lazily-too",
        "synchronization/race_condition.rs",
        &[(
            "let workers: Vec<_> = (1..=plan.workers).map(spawn).collect();",
            "let workers = (1..=plan.workers).map(spawn);",
        )],
    ),
    Concurrency.threads(
        "safe-counter-locks-all-its-increments",
        "synchronization/safe_counter.rs",
        &[(
            "            for _ in 0..plan.times {",
            "            static TURN: Mutex<()> = Mutex::new(());
            let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
            for _ in 0..plan.times {",
        )],
    ),
    Concurrency.tasks(
        "safe-counter-spawns-lazily",
        "synchronization/safe_counter.rs",
        &[(
            "let workers: Vec<_> = (1..=plan.workers).map(spawn).collect();",
            "let workers = (1..=plan.workers).map(spawn);",
        )],
    ),
    Concurrency.threads(
        "semaphore-spawns-lazily",
        "locks/semaphore.rs",
        &[(
            "let workers: Vec<_> = (0..plan.workers).map(spawn).collect();",
            "let workers = (0..plan.workers).map(spawn);",
        )],
    ),
    // What is said in the end is made up, so that only the trace can show it.
    Concurrency.tasks(
        "semaphore-of-one-permit",
        "locks/semaphore.rs",
        &[
            ("Semaphore::new(plan.permits)", "Semaphore::new(1)"),
            ("let value = semaphore.value();", "let value = semaphore.value() * plan.permits;"),
        ],
    ),
    Concurrency.tasks(
        "condition-spawns-its-consumers-lazily",
        "signals/condition.rs",
        &[(
            "let consumers: Vec<_> = (1..=plan.consumers).map(spawn).collect();",
            "let consumers = (1..=plan.consumers).map(spawn);",
        )],
    ),
    Concurrency.threads(
        "event-spawns-its-waiters-lazily",
        "signals/event.rs",
        &[(
            "let waiters: Vec<_> = (1..=plan.waiters).map(spawn).collect();",
            "let waiters = (1..=plan.waiters).map(spawn);",
        )],
    ),
    Concurrency.threads(
        "as-completed-asks-where-it-submits",
        "pools/as_completed.rs",
        &[(
            r#"pool.submit(move |worker| download(&worker, &client, page)).expect("the pool is open")"#,
            r#"let handle = pool.submit(move |worker| download(&worker, &client, page));
        let handle = handle.expect("the pool is open");
        let _ = handle.result();
        handle"#,
        )],
    ),
    Concurrency.tasks(
        "as-completed-awaits-where-it-submits",
        "pools/as_completed.rs",
        &[(
            "let handles: Vec<_> = (0..plan.pages).map(submit).collect();",
            "let mut handles = Vec::new();
    for page in 0..plan.pages {
        let handle = submit(page);
        let _ = handle.result().await;
        handles.push(handle);
    }",
        )],
    ),
    Concurrency.threads(
        "ordered-map-works-under-a-lock",
        "pools/ordered_map.rs",
        &[
            (
                "    let results = pool.map(",
                "    let turn = std::sync::Arc::new(std::sync::Mutex::new(()));
    let results = pool.map(",
            ),
            (
                "        worker.says(Step::Processing { item });",
                r#"        let _turn = turn.lock().expect("nobody panics");
        worker.says(Step::Processing { item });"#,
            ),
        ],
    ),
    Concurrency.tasks(
        "ordered-map-works-under-a-lock-too",
        "pools/ordered_map.rs",
        &[
            (
                "    let results = pool\n",
                "    let turn = std::sync::Arc::new(tokio::sync::Mutex::new(()));
    let results = pool\n",
            ),
            (
                "            worker.says(Step::Processing { item });",
                "            let _turn = turn.lock().await;
            worker.says(Step::Processing { item });",
            ),
        ],
    ),
    Concurrency.threads(
        "exceptions-asks-where-it-submits",
        "pools/exceptions.rs",
        &[(
            r#"pool.submit(move |worker| risk(&worker, &plan, item)).expect("the pool is open")"#,
            r#"let handle = pool.submit(move |worker| risk(&worker, &plan, item)).expect("the pool is open");
        let _ = handle.result();
        handle"#,
        )],
    ),
    Concurrency.threads(
        "local-data-spawns-lazily",
        "locals/local_data.rs",
        &[(
            "let workers: Vec<_> = (0..plan.workers).map(spawn).collect();",
            "let workers = (0..plan.workers).map(spawn);",
        )],
    ),
    Concurrency.tasks(
        "connections-are-used-in-turn",
        "locals/connection_per_worker.rs",
        &[(
            "let workers: Vec<_> = (0..plan.workers).map(spawn).collect();",
            "let workers = (0..plan.workers).map(spawn);",
        )],
    ),
    Concurrency.threads(
        "consumer-starts-after-the-producer",
        "practices/producer_consumer.rs",
        &[
            (
                "    let consumer = {\n",
                "    join(producer);
    let consumer = {\n",
            ),
            (
                "    join(producer);
    let received",
                "    let received",
            ),
        ],
    ),
    Concurrency.tasks(
        "consumer-starts-after-the-producer-too",
        "practices/producer_consumer.rs",
        &[
            (
                "    let consumer = {\n",
                "    join(producer).await;
    let consumer = {\n",
            ),
            (
                "    join(producer).await;
    let received",
                "    let received",
            ),
        ],
    ),
    Concurrency.threads(
        "producers-spawned-lazily",
        "practices/many_producers_consumers.rs",
        &[(
            "let producers: Vec<_> = (0..plan.producers).map(spawn_producer).collect();",
            "let producers = (0..plan.producers).map(spawn_producer);",
        )],
    ),
    Concurrency.tasks(
        "producers-spawned-lazily-too",
        "practices/many_producers_consumers.rs",
        &[(
            "let producers: Vec<_> = (0..plan.producers).map(spawn_producer).collect();",
            "let producers = (0..plan.producers).map(spawn_producer);",
        )],
    ),
    Concurrency.threads(
        "singleton-spawns-lazily",
        "exercises/singleton.rs",
        &[(
            "let callers: Vec<_> = (0..plan.callers).map(spawn).collect();",
            "let callers = (0..plan.callers).map(spawn);",
        )],
    ),
    // As in `while let Some(job) = receiver.lock().recv()`: the guard lives as long as the body.
    Concurrency.threads(
        "pool-holds-its-queue-while-a-job-runs",
        "primitives/pool.rs",
        &[(
            "while let Some(job) = self.next() {",
            "while let Ok(job) = self.queue.lock().unwrap_or_else(PoisonError::into_inner).recv() {",
        )],
    ),
    Concurrency.threads(
        "pool-maps-lazily",
        "primitives/pool.rs",
        &[(
            "let handles = items.into_iter().map(submit).collect::<Result<Vec<_>, _>>()?;
        Ok(handles.iter().map(Handle::result).collect())",
            "items.into_iter().map(submit).map(|handle| handle.map(|handle| handle.result())).collect()",
        )],
    ),
    Concurrency.tasks(
        "pool-worker-takes-all-that-is-queued",
        "primitives/pool.rs",
        &[
            (
                "while let Ok(job) = self.queue.0.recv().await {",
                "while let Ok(first) = self.queue.0.recv().await {
            let mut jobs = vec![first];
            while let Ok(job) = self.queue.0.try_recv() {
                jobs.push(job);
            }
            for job in jobs {",
            ),
            (
                "let _ = AssertUnwindSafe(job).catch_unwind().await;",
                "let _ = AssertUnwindSafe(job).catch_unwind().await;
            }",
            ),
        ],
    ),
    Concurrency.threads(
        "readers-exclude-each-other",
        "primitives/read_write_lock.rs",
        &[(
            "!self.writing && (access == Access::Read || self.readers == 0)",
            "!self.writing && self.readers == 0",
        )],
    ),
    Concurrency.tasks(
        "fair-readers-exclude-each-other",
        "primitives/fair_read_write_lock.rs",
        &[("Access::Read => 1,", "Access::Read => ALL,")],
    ),
    Concurrency.threads(
        "downloads-lock-each-other-out",
        "pools/as_completed.rs",
        &[(
            "let content = client.get(&format!(\"/page{page}\"));",
            "static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let one = ONE.lock();
    let content = client.get(&format!(\"/page{page}\"));
    drop(one);",
        )],
    ),
    Concurrency.tasks(
        "downloads-await-each-other",
        "pools/as_completed.rs",
        &[(
            "let content = client.get(&format!(\"/page{page}\")).await;",
            "static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let one = ONE.lock().await;
    let content = client.get(&format!(\"/page{page}\")).await;
    drop(one);",
        )],
    ),
    Concurrency.threads(
        "sums-lock-each-other-out",
        "gil/cpu_bound.rs",
        &[(
            "let sum = cpu_bound(iterations);",
            "static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let one = ONE.lock();
    let sum = cpu_bound(iterations);
    drop(one);",
        )],
    ),
    Concurrency.threads(
        "counters-lock-each-other-out",
        "gil/cpu_bound.rs",
        &[(
            "    actor.says(Step::Counting);",
            "    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = ONE.lock();
    actor.says(Step::Counting);",
        )],
    ),
    Concurrency.threads(
        "connections-lock-each-other-out",
        "locals/connection_per_worker.rs",
        &[(
            "    let connection = get_connection(worker, database);\n    let answer",
            "    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = ONE.lock();
    let connection = get_connection(worker, database);
    let answer",
        )],
    ),
    Concurrency.tasks(
        "connections-await-each-other",
        "locals/connection_per_worker.rs",
        &[(
            "    let connection = get_connection(worker, database).await;\n    let answer",
            "    static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _one = ONE.lock().await;
    let connection = get_connection(worker, database).await;
    let answer",
        )],
    ),
    Concurrency.threads(
        "parallel-map-waits-for-each-job",
        "exercises/parallel_map.rs",
        &[(
            "let tried = pool.map(items, move |worker, item| function(&worker, item));",
            "let job = |item| pool.submit(move |worker| function(&worker, item)).map(|handle| handle.result());
    let tried: Result<Vec<_>, _> = items.into_iter().map(job).collect();",
        )],
    ),
    Concurrency.tasks(
        "parallel-map-awaits-each-job",
        "exercises/parallel_map.rs",
        &[(
            "let tried = pool.map(items, async move |worker, item| function(&worker, item)).await;
    let tried = tried.expect(\"the pool is open\");",
            "let mut tried = Vec::new();
    for item in items {
        let handle = pool.submit(async move |worker| function(&worker, item)).expect(\"the pool is open\");
        tried.push(handle.result().await);
    }",
        )],
    ),
    Concurrency.threads(
        "exceptions-shows-all-at-the-end",
        "pools/exceptions.rs",
        &[(
            "    let (mut results,",
            "    pool.shutdown(true);
    let (mut results,",
        )],
    ),
    Concurrency.tasks(
        "exceptions-shows-all-at-the-end-too",
        "pools/exceptions.rs",
        &[(
            "    let (mut results,",
            "    pool.shutdown(true).await;
    let (mut results,",
        )],
    ),
    Concurrency.threads(
        "preparation-is-made-under-the-lock",
        "signals/condition.rs",
        &[
            ("            }\n            pause(&producer, plan.preparation);\n", "            }\n"),
            ("exchange.put(&producer, plan.payload);", "exchange.put(&producer, plan.payload, plan.preparation);"),
            (
                "fn put(&self, producer: &Actor, payload: String) {
        let mut data = self.data.lock().unwrap_or_else(PoisonError::into_inner);",
                "fn put(&self, producer: &Actor, payload: String, preparation: std::time::Duration) {
        let mut data = self.data.lock().unwrap_or_else(PoisonError::into_inner);
        pause(producer, preparation);",
            ),
        ],
    ),
    Concurrency.tasks(
        "preparation-is-made-under-the-lock-too",
        "signals/condition.rs",
        &[
            ("            }\n            pause(&producer, plan.preparation).await;\n", "            }\n"),
            ("exchange.put(&producer, plan.payload).await;", "exchange.put(&producer, plan.payload, plan.preparation).await;"),
            (
                "async fn put(&self, producer: &Actor, payload: String) {
        let mut data = self.data.lock().await;",
                "async fn put(&self, producer: &Actor, payload: String, preparation: std::time::Duration) {
        let mut data = self.data.lock().await;
        pause(producer, preparation).await;",
            ),
        ],
    ),
];
