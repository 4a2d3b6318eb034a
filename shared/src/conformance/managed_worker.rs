//! What a managed worker must survive.

use std::fmt::Debug;

use super::panics;

/// A worker that returns a number when it is asked to stop, whoever waits for that.
pub trait ManagedWorker: Debug + Default {
    /// Starts one that waits until it is asked, and then returns this, or panics with nothing to return; says whether
    /// it was started.
    fn start(&mut self, value: Option<usize>) -> bool;
    /// Starts one that doesn't wait to be asked, but returns this.
    fn start_and_end(&mut self, value: usize) -> bool;
    /// Asks it to stop.
    fn ask_to_stop(&self);
    /// Waits until it has ended.
    fn join(&mut self) -> Option<usize>;
    /// Asks it to stop, and waits until it has ended.
    fn stop(&mut self) -> Option<usize>;
}

/// Makes the tests of a managed worker.
#[macro_export]
macro_rules! managed_worker_conformance {
    ($worker:ty) => {
        $crate::conformance_tests!(managed_worker, $worker:
            stop_before_start, start_twice, stop_twice, start_again, ask_then_join, an_end_of_its_own,
            a_panic_is_handed_on_and_costs_the_owner_nothing, repr,
        );
    };
}

/// What was never started can't be stopped; nor does that keep it from being started.
pub fn stop_before_start<W: ManagedWorker>() {
    let mut worker = W::default();
    assert_eq!((worker.stop(), worker.join()), (None, None));
    assert!(worker.start(Some(1)));
    assert_eq!(worker.stop(), Some(1));
}

/// The second start does nothing.
pub fn start_twice<W: ManagedWorker>() {
    let mut worker = W::default();
    assert!(worker.start(Some(1)));
    assert!(!worker.start(Some(2)));
    assert_eq!(worker.stop(), Some(1));
}

/// The second stop does nothing.
pub fn stop_twice<W: ManagedWorker>() {
    let mut worker = W::default();
    assert!(worker.start(Some(1)));
    assert_eq!((worker.stop(), worker.stop()), (Some(1), None));
}

/// A stop is for the worker that there is, not for the next one: that would end before it has begun.
pub fn start_again<W: ManagedWorker>() {
    let mut worker = W::default();
    for life in 0..100 {
        worker.ask_to_stop();
        assert!(worker.start(Some(life)));
        worker.ask_to_stop();
        assert!(!worker.start(Some(life)), "it is asked, but not joined");
        assert_eq!(worker.stop(), Some(life));
    }
}

/// To ask is not to wait: who asks goes on, and may ask again, and joins when it likes.
pub fn ask_then_join<W: ManagedWorker>() {
    let mut worker = W::default();
    assert!(worker.start(Some(1)));
    worker.ask_to_stop();
    worker.ask_to_stop();
    assert_eq!((worker.join(), worker.join()), (Some(1), None));
}

/// Who ends without being asked is joined like any other.
pub fn an_end_of_its_own<W: ManagedWorker>() {
    let mut worker = W::default();
    assert!(worker.start_and_end(1));
    assert_eq!(worker.join(), Some(1));
    assert!(worker.start_and_end(2));
    assert_eq!(worker.stop(), Some(2));
}

/// The panic of the worker is that of whoever joins it; afterwards it can be started again.
pub fn a_panic_is_handed_on_and_costs_the_owner_nothing<W: ManagedWorker>() {
    let mut worker = W::default();
    assert!(worker.start(None));
    assert!(panics(|| {
        worker.stop();
    }));
    assert_eq!(worker.stop(), None);
    assert!(worker.start(Some(1)));
    assert_eq!(worker.stop(), Some(1));
}

/// It can be shown.
pub fn repr<W: ManagedWorker>() {
    let mut worker = W::default();
    assert!(format!("{worker:?}").contains("started: false"));
    assert!(worker.start(Some(1)));
    assert!(format!("{worker:?}").contains("started: true"));
    worker.stop();
}
