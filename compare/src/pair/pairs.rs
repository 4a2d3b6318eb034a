//! The pairs: the one place that names both solutions of every pattern.

use shared::Pattern;

use super::Pair;

/// The pairs of a program, by their patterns.
pub type Pairs = fn(Pattern) -> Pair;

/// The pair of a pattern.
///
/// There is no wildcard, so that a new pattern does not compile before it is named here; that both solutions are of
/// the same workload, and the asynchronous one is `Send`, is what [`Pair::of`] asks for.
pub fn pair(pattern: Pattern) -> Pair {
    use {asynchronous as a, threaded as t};
    match pattern {
        Pattern::Sequential => Pair::of(t::introduction::sequential::run, a::introduction::sequential::run),
        Pattern::Concurrent => Pair::of(t::introduction::concurrent::run, a::introduction::concurrent::run),
        Pattern::CpuBound => Pair::of(t::gil::cpu_bound::run, a::gil::cpu_bound::run),
        Pattern::IoBound => Pair::of(t::gil::io_bound::run, a::gil::io_bound::run),
        Pattern::Arguments => Pair::of(t::creating::arguments::run, a::creating::arguments::run),
        Pattern::WorkerStruct => Pair::of(t::creating::worker_struct::run, a::creating::worker_struct::run),
        Pattern::Attributes => Pair::of(t::creating::attributes::run, a::creating::attributes::run),
        Pattern::Daemon => Pair::of(t::creating::daemon::run, a::creating::daemon::run),
        Pattern::RaceCondition => {
            Pair::of(t::synchronization::race_condition::run, a::synchronization::race_condition::run)
        }
        Pattern::SafeCounter => {
            Pair::of(t::synchronization::safe_counter::run, a::synchronization::safe_counter::run)
        }
        Pattern::Lock => Pair::of(t::locks::lock::run, a::locks::lock::run),
        Pattern::ReentrantLock => Pair::of(t::locks::reentrant_lock::run, a::locks::reentrant_lock::run),
        Pattern::Semaphore => Pair::of(t::locks::semaphore::run, a::locks::semaphore::run),
        Pattern::BoundedSemaphore => {
            Pair::of(t::locks::bounded_semaphore::run, a::locks::bounded_semaphore::run)
        }
        Pattern::Condition => Pair::of(t::signals::condition::run, a::signals::condition::run),
        Pattern::Event => Pair::of(t::signals::event::run, a::signals::event::run),
        Pattern::EventTimeout => Pair::of(t::signals::event_timeout::run, a::signals::event_timeout::run),
        Pattern::Barrier => Pair::of(t::signals::barrier::run, a::signals::barrier::run),
        Pattern::AsCompleted => Pair::of(t::pools::as_completed::run, a::pools::as_completed::run),
        Pattern::OrderedMap => Pair::of(t::pools::ordered_map::run, a::pools::ordered_map::run),
        Pattern::Exceptions => Pair::of(t::pools::exceptions::run, a::pools::exceptions::run),
        Pattern::Callbacks => Pair::of(t::pools::callbacks::run, a::pools::callbacks::run),
        Pattern::LocalData => Pair::of(t::locals::local_data::run, a::locals::local_data::run),
        Pattern::ConnectionPerWorker => {
            Pair::of(t::locals::connection_per_worker::run, a::locals::connection_per_worker::run)
        }
        Pattern::ProducerConsumer => {
            Pair::of(t::practices::producer_consumer::run, a::practices::producer_consumer::run)
        }
        Pattern::ManyProducersConsumers => {
            Pair::of(t::practices::many_producers_consumers::run, a::practices::many_producers_consumers::run)
        }
        Pattern::ReaderWriter => Pair::of(t::practices::reader_writer::run, a::practices::reader_writer::run),
        Pattern::ManagedWorker => {
            Pair::of(t::practices::managed_worker::run, a::practices::managed_worker::run)
        }
        Pattern::BoundedBuffer => {
            Pair::of(t::exercises::bounded_buffer::run, a::exercises::bounded_buffer::run)
        }
        Pattern::Singleton => Pair::of(t::exercises::singleton::run, a::exercises::singleton::run),
        Pattern::PeriodicTask => Pair::of(t::exercises::periodic_task::run, a::exercises::periodic_task::run),
        Pattern::PoolFromScratch => {
            Pair::of(t::exercises::pool_from_scratch::run, a::exercises::pool_from_scratch::run)
        }
        Pattern::ParallelMap => Pair::of(t::exercises::parallel_map::run, a::exercises::parallel_map::run),
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
