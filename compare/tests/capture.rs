//! The capture loses nothing, mixes nothing, and knows how every actor ended.

use std::cell::RefCell;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Waker};
use std::thread;

use compare::capture;
use shared::{Actor, End, Kind as _, Program, Setting, Side, Stage, Trace, What, steps};
use tokio::runtime::{Builder, Runtime};
use tokio::task;

steps! {
    /// What the actors of these tests say.
    pub enum Step of Kind {
        /// The next number.
        Counted { number: usize },
    }
}

fn stage(side: Side) -> (Stage, Program) {
    capture::install();
    let stage = Stage::new(Setting::new("capture", side));
    let program = stage.program();
    (stage, program)
}

fn captured(program: &Program) -> Trace {
    capture::assemble(Kind::SHAPES, program, capture::take(program.number()))
        .expect("steps of this test only")
}

fn whole(program: &Program) -> Trace {
    let trace = captured(program);
    assert_eq!(trace.gaps(), Vec::<String>::new());
    trace
}

fn runtime(workers: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(workers).build().expect("room for a runtime")
}

/// Counts on a thread.
fn count(actor: &Actor, numbers: usize) {
    for number in 0..numbers {
        actor.says(Step::Counted { number });
        thread::yield_now();
    }
}

/// Counts in a task.
async fn count_with_pauses(actor: &Actor, numbers: usize) {
    for number in 0..numbers {
        actor.says(Step::Counted { number });
        task::yield_now().await;
    }
}

/// Every actor but the main line has counted so far, in order, between where it begins and where it ends.
fn assert_all_counted(trace: &Trace, actors: usize, numbers: usize) {
    assert_eq!(trace.cast.len(), actors + 1);
    let counted = (0..numbers).map(|number| What::said(Step::Counted { number }));
    let due: Vec<What> =
        [What::Began].into_iter().chain(counted).chain([What::Ended(End::Returned)]).collect();
    for (member, lane) in trace.cast.iter().zip(trace.by_actor()).skip(1) {
        let done: Vec<What> = lane.into_iter().map(|index| trace.events[index].what.clone()).collect();
        assert_eq!(done, due, "{member}");
    }
    assert_eq!(trace.events.len(), actors * due.len() + 2);
}

#[test]
fn two_runs_at_once_do_not_mix() {
    const ACTORS: usize = 4;
    const NUMBERS: usize = 2_000;
    let (threads, threads_program) = stage(Side::Threaded);
    let (tasks, tasks_program) = stage(Side::Asynchronous);
    let together = Arc::new(Barrier::new(2));

    let start = Arc::clone(&together);
    let on_threads = thread::spawn(threaded::Perform::perform(threads, move |stage| {
        start.wait();
        let spawn = |number| {
            let actor = stage.actor("counter", number);
            thread::spawn(threaded::Perform::perform(actor, |actor| count(&actor, NUMBERS)))
        };
        let counters: Vec<_> = (0..ACTORS).map(spawn).collect();
        counters.into_iter().for_each(threaded::join);
    }));
    together.wait();
    runtime(2).block_on(asynchronous::Perform::perform(tasks, async |stage| {
        let spawn = |number| {
            let actor = stage.actor("counter", number);
            let body = async |actor| count_with_pauses(&actor, NUMBERS).await;
            task::spawn(asynchronous::Perform::perform(actor, body))
        };
        let counters: Vec<_> = (0..ACTORS).map(spawn).collect();
        for counter in counters {
            asynchronous::join(counter).await;
        }
    }));
    threaded::join(on_threads);

    assert_all_counted(&whole(&tasks_program), ACTORS, NUMBERS);
    assert_all_counted(&whole(&threads_program), ACTORS, NUMBERS);
}

#[test]
fn ten_thousand_tasks_lose_no_event() {
    let (stage, program) = stage(Side::Asynchronous);
    runtime(4).block_on(asynchronous::Perform::perform(stage, async |stage| {
        let spawn = |number| {
            let body = async |actor| count_with_pauses(&actor, 3).await;
            task::spawn(asynchronous::Perform::perform(stage.actor("counter", number), body))
        };
        let counters: Vec<_> = (0..10_000).map(spawn).collect();
        for counter in counters {
            asynchronous::join(counter).await;
        }
    }));
    assert_all_counted(&whole(&program), 10_000, 3);
}

#[test]
fn ten_thousand_threads_in_waves_lose_no_event() {
    const WAVE: usize = 1_000;
    let (stage, program) = stage(Side::Threaded);
    threaded::Perform::perform(stage, |stage| {
        for wave in 0..10 {
            let all_here = Arc::new(Barrier::new(WAVE));
            let spawn = |number| {
                let all_here = Arc::clone(&all_here);
                thread::spawn(threaded::Perform::perform(stage.actor("counter", number), move |actor| {
                    // All threads of a wave are alive at the same time.
                    all_here.wait();
                    count(&actor, 3);
                }))
            };
            let counters: Vec<_> = (WAVE * wave..WAVE * (wave + 1)).map(spawn).collect();
            counters.into_iter().for_each(threaded::join);
        }
    })();
    assert_all_counted(&whole(&program), 10_000, 3);
}

#[test]
fn a_task_that_hops_workers_stays_one_actor() {
    let (stage, program) = stage(Side::Asynchronous);
    threaded::Perform::perform(stage, |stage| {
        let actor = stage.actor("hopper", 1);
        let hopper = asynchronous::Perform::perform(actor, async |hopper| {
            hopper.says(Step::Counted { number: 0 });
            let mut woken = false;
            // Pending once: then whoever polls next goes on.
            poll_fn(|_| if mem::replace(&mut woken, true) { Poll::Ready(()) } else { Poll::Pending }).await;
            hopper.says(Step::Counted { number: 1 });
        });
        // Each poll is made on a thread of its own, as a runtime may, but surely.
        let hopper = poll_elsewhere(Box::pin(hopper)).expect_err("it is pending after its first poll");
        assert!(poll_elsewhere(hopper).is_ok(), "it is ready after its second");
    })();

    let trace = whole(&program);
    assert_all_counted(&trace, 1, 2);
    let lane = trace.by_actor().pop().expect("the hopper's");
    let threads: Vec<u32> = lane.into_iter().map(|index| trace.events[index].thread).collect();
    assert_eq!(threads[0], threads[1]);
    assert_ne!(threads[1], threads[2], "it went on elsewhere");
    assert_eq!(threads[2], threads[3]);
}

type Boxed = Pin<Box<dyn Future<Output = ()> + Send>>;

fn poll_elsewhere(mut future: Boxed) -> Result<(), Boxed> {
    let polled = thread::spawn(move || match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(()) => Ok(()),
        Poll::Pending => Err(future),
    });
    polled.join().expect("the poll doesn't panic")
}

#[test]
fn a_thread_that_ends_early_takes_nothing_with_it() {
    let (stage, program) = stage(Side::Threaded);
    let (_, other) = self::stage(Side::Threaded);
    threaded::Perform::perform(stage, |stage| {
        let actor = stage.actor("counter", 1);
        thread::spawn(threaded::Perform::perform(actor, |actor| count(&actor, 5)))
            .join()
            .expect("it only counts");
        // Somebody else's look into the buffers must not lose what is in those of threads that are gone.
        assert!(captured(&other).events.is_empty());
        stage.main().says(Step::Counted { number: 99 });
    })();

    let trace = whole(&program);
    let said: Vec<usize> = trace.steps().map(|(_, _, Step::Counted { number })| number).collect();
    assert_eq!(said, [0, 1, 2, 3, 4, 99]);
}

#[test]
fn a_loud_actor_loses_nothing_while_others_look() {
    const NUMBERS: usize = 100_000;
    let (stage, program) = stage(Side::Threaded);
    let (_, other) = self::stage(Side::Threaded);
    threaded::Perform::perform(stage, |stage| {
        let actor = stage.actor("counter", 1);
        let counter = thread::spawn(threaded::Perform::perform(actor, |actor| {
            (0..NUMBERS).for_each(|number| actor.says(Step::Counted { number }));
        }));
        while !counter.is_finished() {
            assert!(captured(&other).events.is_empty());
        }
        threaded::join(counter);
    })();
    assert_all_counted(&whole(&program), 1, NUMBERS);
}

#[test]
fn a_thread_is_heard_to_its_very_end() {
    struct LastWords(Actor);

    impl Drop for LastWords {
        fn drop(&mut self) {
            self.0.says(Step::Counted { number: 2 });
        }
    }

    // Locals are dropped in the reverse order of their making, or else in that order: one is made before the capture's
    // own, the other after it, so that one of them outlives it either way.
    thread_local! {
        static EARLY: RefCell<Option<LastWords>> = const { RefCell::new(None) };
        static LATE: RefCell<Option<LastWords>> = const { RefCell::new(None) };
    }

    let (stage, program) = stage(Side::Threaded);
    let actors = [stage.actor("early", 1), stage.actor("late", 1)];
    thread::spawn(move || {
        let [early, late] = actors.map(LastWords);
        EARLY.with_borrow_mut(|_| ());
        for number in 0..2 {
            early.0.says(Step::Counted { number });
            late.0.says(Step::Counted { number });
        }
        EARLY.set(Some(early));
        LATE.set(Some(late));
    })
    .join()
    .expect("it only counts");

    let trace = captured(&program);
    for lane in trace.by_actor().into_iter().skip(1) {
        let said: Vec<_> = lane.into_iter().map(|index| trace.events[index].what.clone()).collect();
        assert_eq!(said, [0, 1, 2].map(|number| What::said(Step::Counted { number })));
    }
}

#[test]
fn an_actor_aborted_before_its_first_poll_has_an_end_and_no_begin() {
    let (stage, program) = stage(Side::Asynchronous);
    let runtime = Builder::new_current_thread().build().expect("room for a runtime");
    runtime.block_on(asynchronous::Perform::perform(stage, async |stage| {
        // On one thread, nothing else is polled before the main line waits.
        let body = async |actor| count_with_pauses(&actor, 5).await;
        let handle = task::spawn(asynchronous::Perform::perform(stage.actor("counter", 1), body));
        handle.abort();
        assert!(handle.await.expect_err("it was aborted").is_cancelled());
    }));

    let trace = whole(&program);
    let lane = trace.by_actor().pop().expect("the counter's");
    let done: Vec<_> = lane.into_iter().map(|index| &trace.events[index].what).collect();
    assert_eq!(done, [&What::Ended(End::Cancelled)]);
}

#[test]
fn an_actor_aborted_in_its_middle_is_cancelled() {
    let (stage, program) = stage(Side::Asynchronous);
    let runtime = Builder::new_current_thread().build().expect("room for a runtime");
    runtime.block_on(asynchronous::Perform::perform(stage, async |stage| {
        let body = async |actor: Actor| {
            actor.says(Step::Counted { number: 0 });
            std::future::pending::<()>().await;
        };
        let handle = task::spawn(asynchronous::Perform::perform(stage.actor("counter", 1), body));
        task::yield_now().await;
        handle.abort();
        assert!(handle.await.expect_err("it was aborted").is_cancelled());
    }));

    let trace = whole(&program);
    let lane = trace.by_actor().pop().expect("the counter's");
    let done: Vec<_> = lane.into_iter().map(|index| trace.events[index].what.clone()).collect();
    assert_eq!(done, [What::Began, What::said(Step::Counted { number: 0 }), What::Ended(End::Cancelled)]);
}

#[test]
fn a_panic_is_reported_in_the_trace_with_its_place() {
    for side in Side::BOTH {
        let (stage, program) = stage(side);
        match side {
            Side::Threaded => threaded::Perform::perform(stage, |stage| {
                let body = |_| panic!("too much for a thread");
                let handle = thread::spawn(threaded::Perform::perform::<()>(stage.actor("counter", 1), body));
                assert!(handle.join().is_err());
            })(),
            Side::Asynchronous => runtime(1).block_on(asynchronous::Perform::perform(stage, async |stage| {
                let body = async |_| panic!("too much for a task");
                let handle = task::spawn(asynchronous::Perform::perform(stage.actor("counter", 1), body));
                let error: task::JoinError = handle.await.expect_err("it panicked");
                assert!(error.is_panic());
            })),
        }
        let trace = whole(&program);
        let ended = trace.events.iter().find_map(|event| match &event.what {
            What::Ended(End::Panicked(message)) => Some((trace.cast[event.actor].role, message.clone())),
            _ => None,
        });
        let (role, message) = ended.expect("the panic is in the trace");
        assert_eq!(role, "counter");
        assert!(message.starts_with("too much for a t"), "{message}");
        assert!(message.contains("capture.rs:"), "{message}");
    }
}

#[test]
fn a_panic_that_was_caught_is_not_reported_of_a_later_one() {
    let (stage, program) = stage(Side::Threaded);
    threaded::Perform::perform(stage, |stage| {
        let body = |_| {
            assert!(std::panic::catch_unwind(|| panic!("caught")).is_err());
            // Passed on, as a join passes on the panic of another thread: without a word to the hook.
            std::panic::resume_unwind(Box::new("passed on"));
        };
        let handle = thread::spawn(threaded::Perform::perform::<()>(stage.actor("counter", 1), body));
        assert!(handle.join().is_err());
    })();
    let trace = whole(&program);
    let found = trace.events.iter().any(|event| event.what == What::Ended(End::Panicked("passed on".into())));
    assert!(found, "{:#?}", trace.events);
}

#[test]
fn an_actor_that_never_ends_is_a_gap() {
    let (stage, program) = stage(Side::Threaded);
    threaded::Perform::perform(stage, |stage| {
        mem::forget(threaded::Perform::perform(stage.actor("lost", 1), |_| ()));
    })();
    assert_eq!(captured(&program).gaps(), ["lost 1 was never heard"]);
}

#[test]
fn a_step_of_another_pattern_is_refused() {
    steps! {
        /// A step that the others don't know.
        pub enum Foreign of ForeignKind {
            /// Said here only.
            Stray,
        }
    }
    let (stage, program) = stage(Side::Threaded);
    threaded::Perform::perform(stage, |stage| stage.main().says(Foreign::Stray))();
    let refused =
        capture::assemble(Kind::SHAPES, &program, capture::take(program.number())).expect_err("foreign");
    assert_eq!(refused, "a step of another pattern was captured: Stray");
}
