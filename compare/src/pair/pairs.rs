//! The pairs: the one place that names both solutions of every pattern.

use std::sync::Arc;

use shared::Pattern;

use super::Pair;
use super::idioms::Idioms;

/// The pair of a pattern; with what its idioms are given, where they are something else.
macro_rules! solved {
    ($section:ident::$pattern:ident) => {
        Pair::of(threaded::$section::$pattern::run, asynchronous::$section::$pattern::run)
    };
    ($section:ident::$pattern:ident, $given:ident => $($argument:expr),+) => {
        Pair::with(
            threaded::$section::$pattern::run,
            asynchronous::$section::$pattern::run,
            Some(Idioms {
                threads: Arc::new(|$given| threaded::$section::$pattern::idiom::idiom($($argument),+)),
                tasks: Arc::new(|$given| {
                    Box::pin(async move {
                        asynchronous::$section::$pattern::idiom::idiom($($argument),+).await
                    })
                }),
            }),
        )
    };
}

/// The pairs of a program, by their patterns.
pub type Pairs = fn(Pattern) -> Pair;

/// The pair of a pattern.
///
/// There is no wildcard, so that a new pattern does not compile before it is named here; that both solutions are of
/// the same workload, and the asynchronous one is `Send`, is what [`Pair::of`] asks for.
pub fn pair(pattern: Pattern) -> Pair {
    match pattern {
        Pattern::Sequential => solved!(introduction::sequential),
        Pattern::Concurrent => solved!(introduction::concurrent, given => &given.plan),
        Pattern::CpuBound => solved!(gil::cpu_bound, given => &given.plan),
        Pattern::IoBound => solved!(gil::io_bound, given => &given.plan, given.notebook.wait.as_secs_f64()),
        Pattern::Arguments => solved!(creating::arguments, given => &given.plan),
        Pattern::WorkerStruct => solved!(creating::worker_struct, given => &given.plan),
        Pattern::Attributes => solved!(creating::attributes),
        Pattern::Daemon => solved!(creating::daemon, given => &given.plan),
        Pattern::RaceCondition => solved!(synchronization::race_condition, given => &given.plan),
        Pattern::SafeCounter => solved!(synchronization::safe_counter, given => &given.plan),
        Pattern::Lock => solved!(locks::lock, given => &given.plan),
        Pattern::ReentrantLock => solved!(locks::reentrant_lock, given => &given.plan),
        Pattern::Semaphore => solved!(locks::semaphore, given => &given.plan),
        Pattern::BoundedSemaphore => solved!(locks::bounded_semaphore),
        Pattern::Condition => solved!(signals::condition, given => &given.plan),
        Pattern::Event => solved!(signals::event, given => &given.plan),
        Pattern::EventTimeout => solved!(signals::event_timeout, given => &given.plan),
        Pattern::Barrier => solved!(signals::barrier, given => &given.plan, &given.work()),
        Pattern::AsCompleted => solved!(pools::as_completed, given => &given.plan, given.origin()),
        Pattern::OrderedMap => solved!(pools::ordered_map, given => &given.plan),
        Pattern::Exceptions => solved!(pools::exceptions, given => &given.plan),
        Pattern::Callbacks => solved!(pools::callbacks, given => &given.plan),
        Pattern::LocalData => solved!(locals::local_data),
        Pattern::ConnectionPerWorker => {
            solved!(locals::connection_per_worker, given => &given.plan, given.database())
        }
        Pattern::ProducerConsumer => solved!(practices::producer_consumer, given => &given.plan),
        Pattern::ManyProducersConsumers => {
            solved!(practices::many_producers_consumers, given => &given.plan, &given.work())
        }
        Pattern::ReaderWriter => solved!(practices::reader_writer, given => &given.plan),
        Pattern::ManagedWorker => solved!(practices::managed_worker, given => &given.plan),
        Pattern::BoundedBuffer => solved!(exercises::bounded_buffer, given => &given.plan),
        Pattern::Singleton => solved!(exercises::singleton, given => &given.plan),
        Pattern::PeriodicTask => solved!(exercises::periodic_task, given => &given.plan),
        Pattern::PoolFromScratch => solved!(exercises::pool_from_scratch, given => &given.plan),
        Pattern::ParallelMap => solved!(exercises::parallel_map, given => &given.plan),
    }
}

#[cfg(test)]
mod tests {
    use shared::{Law, Pattern, Role, Shape};

    use super::pair;

    #[test]
    fn every_pair_is_wired_to_its_own_card() {
        for pattern in Pattern::all() {
            assert_eq!(pair(pattern).problem().card().pattern, pattern);
        }
    }

    /// A law speaks of shapes, which the compiler takes from any pattern.
    #[test]
    fn every_rule_speaks_of_its_own_patterns_steps() {
        for pattern in Pattern::all() {
            let pair = pair(pattern);
            let problem = pair.problem();
            let own = |shape: &Shape| {
                let known = problem.shapes().get(usize::from(shape.index));
                assert_eq!(known, Some(shape), "{pattern}");
            };
            problem.laws().iter().flat_map(Law::shapes).for_each(own);
            problem.roles().iter().flat_map(Role::shapes).for_each(own);
            problem.stopwatches().iter().flat_map(|watch| [watch.from, watch.to]).for_each(own);
        }
    }
}
