//! What the cell is about is not used, or does nothing.

use crate::fault::Class::Mechanism;
use crate::fault::Fault;

pub(super) const FAULTS: &[Fault] = &[
    Mechanism.threads(
        "thread-has-no-name",
        "creating/arguments.rs",
        &[("thread::Builder::new().name(NAME.into())", "thread::Builder::new()")],
    ),
    Mechanism.tasks(
        "worker-is-not-spawned",
        "creating/worker_struct.rs",
        &[
            (
                "handle: Option<JoinHandle<usize>>,",
                "handle: Option<std::pin::Pin<Box<dyn Future<Output = usize> + Send>>>,",
            ),
            (
                "Some(task::spawn(actor.perform(async move |actor| sum(&actor, &plan).await)))",
                "Some(Box::pin(actor.perform(async move |actor| sum(&actor, &plan).await)))",
            ),
            ("Some(join(handle).await)", "Some(handle.await)"),
        ],
    ),
    Mechanism.tasks(
        "demo-is-not-spawned",
        "creating/attributes.rs",
        &[("join(task::spawn(body)).await", "body.await")],
    ),
    Mechanism.threads(
        "race-condition-adds-atomically",
        "synchronization/race_condition.rs",
        &[(
            "self.value.store(current + 1, Ordering::Relaxed);",
            "self.value.fetch_add(1, Ordering::Relaxed);",
        )],
    ),
    Mechanism.tasks(
        "race-condition-adds-atomically-too",
        "synchronization/race_condition.rs",
        &[(
            "self.value.store(current + 1, Ordering::Relaxed);",
            "self.value.fetch_add(1, Ordering::Relaxed);",
        )],
    ),
    // Each access has the lock, and what lies between has not.
    Mechanism.threads(
        "safe-counter-locks-each-access",
        "synchronization/safe_counter.rs",
        &[
            ("let mut value = self.value.lock()", "let value = *self.value.lock()"),
            ("let current = *value;", "let current = value;"),
            (
                "*value = current + 1;",
                "*self.value.lock().unwrap_or_else(PoisonError::into_inner) = current + 1;",
            ),
            ("Step::Leaving { value: *value }", "Step::Leaving { value: current + 1 }"),
        ],
    ),
    Mechanism.tasks(
        "safe-counter-locks-each-access-too",
        "synchronization/safe_counter.rs",
        &[
            ("let mut value = self.value.lock()", "let value = *self.value.lock()"),
            ("let current = *value;", "let current = value;"),
            ("*value = current + 1;", "*self.value.lock().await = current + 1;"),
            ("Step::Leaving { value: *value }", "Step::Leaving { value: current + 1 }"),
        ],
    ),
    // `_` drops the guard at once; `_guard` would keep it.
    Mechanism.threads(
        "guard-is-dropped-at-once",
        "locks/lock.rs",
        &[("let _guard = lock.guard();", "let _ = lock.guard();")],
    ),
    Mechanism.tasks(
        "holder-does-not-hold",
        "locks/lock.rs",
        &[
            ("            lock.acquire().await;\n", ""),
            (
                r#"            lock.release().expect("the holder holds it");
"#,
                "",
            ),
        ],
    ),
    Mechanism.threads(
        "only-the-outermost-call-locks",
        "locks/reentrant_lock.rs",
        &[(
            "    let _guard = lock.guard();",
            "    let _guard = (lock.recursion_count() == 0).then(|| lock.guard());",
        )],
    ),
    Mechanism.tasks(
        "the-ordinary-lock-is-reentrant",
        "locks/reentrant_lock.rs",
        &[
            ("let ordinary = Lock::new();", "let ordinary = ReentrantLock::new();"),
            ("ordinary.guard().await", "ordinary.guard(&owner).await"),
            ("ordinary.try_acquire()", "ordinary.try_acquire(&owner)"),
        ],
    ),
    Mechanism.threads(
        "permit-is-dropped-at-once",
        "locks/semaphore.rs",
        &[
            ("let permit = semaphore.guard();", "let _ = semaphore.guard();"),
            ("            drop(permit);\n", ""),
        ],
    ),
    Mechanism.tasks(
        "permit-is-dropped-at-once-too",
        "locks/semaphore.rs",
        &[
            ("let permit = semaphore.guard().await;", "let _ = semaphore.guard().await;"),
            ("            drop(permit);\n", ""),
        ],
    ),
    Mechanism.threads(
        "condition-spins",
        "signals/condition.rs",
        &[(
            "            data = self.ready.wait(data);",
            "            drop(data);
            thread::yield_now();
            data = self.data.lock().unwrap_or_else(PoisonError::into_inner);",
        )],
    ),
    Mechanism.tasks(
        "event-is-set-by-the-main-line",
        "signals/event.rs",
        &[
            ("            event.set();\n", ""),
            (
                "    for waiter in waiters {",
                "    event.set();
    for waiter in waiters {",
            ),
        ],
    ),
    Mechanism.threads(
        "barrier-is-not-waited-for",
        "signals/barrier.rs",
        &[
            (
                "let barrier = Arc::new(Barrier::new(plan.parties));",
                "let barrier = Arc::new(std::sync::atomic::AtomicUsize::new(0));",
            ),
            (
                r#"barrier.wait().expect("nobody breaks the barrier")"#,
                "barrier.fetch_add(1, std::sync::atomic::Ordering::Relaxed)",
            ),
        ],
    ),
    Mechanism.tasks(
        "barrier-of-one",
        "signals/barrier.rs",
        &[("Barrier::new(plan.parties)", "Barrier::new(1)")],
    ),
    Mechanism.threads(
        "pages-in-the-order-of-submission",
        "pools/as_completed.rs",
        &[("in as_completed(handles) {", "in handles {")],
    ),
    Mechanism.tasks(
        "items-in-the-order-of-submission",
        "pools/exceptions.rs",
        &[("let mut handles = as_completed(handles);", "let mut handles = futures::stream::iter(handles);")],
    ),
    Mechanism.threads(
        "the-failure-is-swallowed",
        "pools/exceptions.rs",
        &[(
            r#"            panic!("{error}")
"#,
            "            let _ = error;
            0\n",
        )],
    ),
    // The step is the same, but nobody was asked to call back.
    Mechanism.threads(
        "job-calls-itself-back",
        "pools/callbacks.rs",
        &[
            (
                "            worker.says(Step::Computed { result });",
                "            worker.says(Step::Computed { result });
            worker.says(Step::CalledBack { result, by_worker: true });",
            ),
            (
                r#"    handle.on_done(|computed| {
        let computed = computed.as_ref().expect("squaring never fails");
        computed.call_back(&computed.worker);
    });
"#,
                "",
            ),
        ],
    ),
    Mechanism.threads(
        "local-value-is-captured",
        "locals/local_data.rs",
        &[(r#"let value = value().expect("it is bound");"#, "let value = number;")],
    ),
    Mechanism.tasks(
        "local-value-is-captured-too",
        "locals/local_data.rs",
        &[(r#"let value = value().expect("it is bound");"#, "let value = number;")],
    ),
    Mechanism.threads(
        "a-connection-for-each-question",
        "locals/connection_per_worker.rs",
        &[
            ("CONNECTION.with(|connection| {", "CONNECTION.with(|_| {"),
            ("Rc::clone(connection.get_or_init(open))", "open()"),
        ],
    ),
    Mechanism.tasks(
        "one-connection-for-all",
        "locals/connection_per_worker.rs",
        &[(
            "    worker.says(Step::Opened);
    CONNECTION.with(|connection| Arc::clone(connection.get_or_init(|| Arc::new(opened))))",
            "    worker.says(Step::Opened);
    static SHARED: std::sync::OnceLock<Arc<DatabaseConnection>> = std::sync::OnceLock::new();
    let shared = Arc::clone(SHARED.get_or_init(|| Arc::new(opened)));
    CONNECTION.with(|connection| Arc::clone(connection.get_or_init(|| shared)))",
        )],
    ),
    Mechanism.threads(
        "task-done-is-forgotten",
        "practices/many_producers_consumers.rs",
        &[(
            r#"            queue.task_done().expect("it was got, and is done once");
"#,
            "",
        )],
    ),
    Mechanism.tasks(
        "task-done-is-forgotten-too",
        "practices/many_producers_consumers.rs",
        &[(
            r#"            queue.task_done().expect("it was got, and is done once");
"#,
            "",
        )],
    ),
    Mechanism.threads(
        "queue-is-not-joined",
        "practices/many_producers_consumers.rs",
        &[("    queue.join();\n", "")],
    ),
    Mechanism.threads(
        "fair-scene-has-the-notebooks-lock",
        "practices/reader_writer.rs",
        &[(
            r#"play::<Fair>(&stage, fair, ["fair-reader", "fair-writer"], |lock| lock.try_read().is_none())"#,
            r#"play::<ReaderPreference>(&stage, fair, ["fair-reader", "fair-writer"], |_| true)"#,
        )],
    ),
    Mechanism.tasks(
        "notebooks-scene-has-the-fair-lock",
        "practices/reader_writer.rs",
        &[("play::<ReaderPreference>(", "play::<Fair>(")],
    ),
    Mechanism.threads(
        "managed-worker-sleeps-through-its-stop",
        "practices/managed_worker.rs",
        &[(
            "        if stop.wait_timeout(wait) {",
            "        thread::sleep(wait);
        if stop.is_set() {",
        )],
    ),
    Mechanism.threads(
        "buffer-is-not-bounded",
        "exercises/bounded_buffer.rs",
        &[("|items| items.len() < self.capacity", "|_| true")],
    ),
    // Between the look and the deed, another looks.
    Mechanism.threads(
        "singleton-checks-then-acts",
        "exercises/singleton.rs",
        &[(
            "let singleton = Arc::clone(instance.get_or_init(construct));",
            "let singleton = match instance.get() {
                Some(singleton) => Arc::clone(singleton),
                None => {
                    let singleton = construct();
                    let _ = instance.set(Arc::clone(&singleton));
                    singleton
                }
            };",
        )],
    ),
    Mechanism.tasks(
        "singleton-checks-then-acts-too",
        "exercises/singleton.rs",
        &[(
            "let singleton = Arc::clone(instance.get_or_init(construct).await);",
            "let singleton = match instance.get() {
                Some(singleton) => Arc::clone(singleton),
                None => {
                    let singleton = construct().await;
                    let _ = instance.set(Arc::clone(&singleton));
                    singleton
                }
            };",
        )],
    ),
    Mechanism.threads(
        "cancels-where-it-is-to-wait",
        "exercises/pool_from_scratch.rs",
        &[("while !wait && let", "while wait && let")],
    ),
    Mechanism.threads(
        "bounded-semaphore-has-no-bound",
        "primitives/bounded_semaphore.rs",
        &[("held.checked_sub(permits)", "Some(held.saturating_sub(permits))")],
    ),
    Mechanism.tasks(
        "bounded-semaphore-counts-nothing",
        "primitives/bounded_semaphore.rs",
        &[("        self.held.fetch_add(1, Ordering::Relaxed);\n", "")],
    ),
    Mechanism.threads(
        "lock-lets-everybody-try",
        "primitives/lock.rs",
        &[(
            "        !mem::replace(&mut self.state().held, true)\n",
            "        self.state().held = true;
        true\n",
        )],
    ),
    Mechanism.threads(
        "guard-takes-no-permit",
        "primitives/semaphore.rs",
        &[(
            "        self.acquire();
        Permit { semaphore: self }",
            "        Permit { semaphore: self }",
        )],
    ),
    // The permit that `acquire` returns goes back at the end of its statement.
    Mechanism.tasks(
        "permit-is-not-forgotten",
        "primitives/semaphore.rs",
        &[(
            r#"self.permits.acquire().await.expect("the semaphore is never closed").forget();"#,
            r#"let _ = self.permits.acquire().await.expect("the semaphore is never closed");"#,
        )],
    ),
    Mechanism.threads(
        "one-stop-for-all-lives",
        "primitives/managed_worker.rs",
        &[("        self.stop = Arc::default();\n", "")],
    ),
    Mechanism.tasks(
        "writer-comes-in-beside-readers",
        "primitives/read_write_lock.rs",
        &[(
            "!self.writing && (access == Access::Read || self.readers == 0)",
            "!self.writing || access == Access::Read",
        )],
    ),
    Mechanism.threads(
        "daemon-has-room-for-one-round",
        "creating/daemon.rs",
        &[("mpsc::sync_channel(plan.rounds)", "mpsc::sync_channel(1)")],
    ),
    Mechanism.tasks(
        "daemon-has-room-for-one-round-too",
        "creating/daemon.rs",
        &[("async_channel::bounded(plan.rounds)", "async_channel::bounded(1)")],
    ),
    Mechanism.threads(
        "queue-has-room-for-one",
        "practices/producer_consumer.rs",
        &[("Queue::new(0)", "Queue::new(1)")],
    ),
    Mechanism.tasks(
        "queue-of-many-has-room-for-one",
        "practices/many_producers_consumers.rs",
        &[("Queue::new(0)", "Queue::new(1)")],
    ),
    Mechanism.tasks(
        "local-data-asks-a-task-again",
        "locals/local_data.rs",
        &[("join(task::spawn_blocking(has_value)).await", "join(task::spawn(async { has_value() })).await")],
    ),
    Mechanism.threads(
        "singleton-compares-values",
        "exercises/singleton.rs",
        &[("Arc::ptr_eq(&pair[0], &pair[1])", "pair[0].value == pair[1].value")],
    ),
    Mechanism.threads(
        "event-is-polled",
        "signals/event.rs",
        &[(
            "            event.wait();\n",
            "            while !event.is_set() {
                thread::sleep(std::time::Duration::from_millis(1));
            }\n",
        )],
    ),
    Mechanism.tasks(
        "event-is-polled-too",
        "signals/event.rs",
        &[(
            "            event.wait().await;\n",
            "            while !event.is_set() {
                task::yield_now().await;
            }\n",
        )],
    ),
    Mechanism.threads(
        "semaphore-is-tried-until-it-is-got",
        "locks/semaphore.rs",
        &[
            (
                "let permit = semaphore.guard();",
                "while !semaphore.try_acquire() {
                thread::yield_now();
            }",
            ),
            ("drop(permit);", "semaphore.release();"),
        ],
    ),
    Mechanism.tasks(
        "worker-polls-its-stop",
        "practices/managed_worker.rs",
        &[(
            "if stop.wait_timeout(wait).await {",
            "let deadline = tokio::time::Instant::now() + wait;
        while !stop.is_set() && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        if stop.is_set() {",
        )],
    ),
];
