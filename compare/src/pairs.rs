//! The pairs: the one place that names both solutions of every pattern.

use shared::Pattern;

use crate::pair::Pair;

/// The pair of a pattern; none where it is not built yet.
///
/// There is no wildcard, so that a new pattern does not compile before it is named here; that both solutions are of
/// the same workload, and the asynchronous one is `Send`, is what [`Pair::of`] asks for.
pub fn pair(pattern: Pattern) -> Option<Pair> {
    use {asynchronous as a, threaded as t};
    match pattern {
        Pattern::Sequential => {
            Some(Pair::of(t::introduction::sequential::run, a::introduction::sequential::run))
        }
        Pattern::Concurrent => {
            Some(Pair::of(t::introduction::concurrent::run, a::introduction::concurrent::run))
        }
        Pattern::CpuBound => Some(Pair::of(t::gil::cpu_bound::run, a::gil::cpu_bound::run)),
        Pattern::IoBound => Some(Pair::of(t::gil::io_bound::run, a::gil::io_bound::run)),
        Pattern::Arguments => Some(Pair::of(t::creating::arguments::run, a::creating::arguments::run)),
        Pattern::WorkerStruct => {
            Some(Pair::of(t::creating::worker_struct::run, a::creating::worker_struct::run))
        }
        Pattern::Attributes => Some(Pair::of(t::creating::attributes::run, a::creating::attributes::run)),
        Pattern::Daemon => Some(Pair::of(t::creating::daemon::run, a::creating::daemon::run)),
        Pattern::RaceCondition => {
            Some(Pair::of(t::synchronization::race_condition::run, a::synchronization::race_condition::run))
        }
        Pattern::SafeCounter => {
            Some(Pair::of(t::synchronization::safe_counter::run, a::synchronization::safe_counter::run))
        }
        Pattern::Lock
        | Pattern::ReentrantLock
        | Pattern::Semaphore
        | Pattern::BoundedSemaphore
        | Pattern::Condition
        | Pattern::Event
        | Pattern::EventTimeout
        | Pattern::Barrier
        | Pattern::AsCompleted
        | Pattern::OrderedMap
        | Pattern::Exceptions
        | Pattern::Callbacks
        | Pattern::LocalData
        | Pattern::ConnectionPerWorker
        | Pattern::ProducerConsumer
        | Pattern::ManyProducersConsumers
        | Pattern::ReaderWriter
        | Pattern::ManagedWorker
        | Pattern::BoundedBuffer
        | Pattern::Singleton
        | Pattern::PeriodicTask
        | Pattern::PoolFromScratch
        | Pattern::ParallelMap => None,
    }
}

#[cfg(test)]
mod tests {
    use shared::Pattern;

    use super::pair;

    #[test]
    fn every_pair_is_wired_to_its_own_card() {
        for pattern in Pattern::all() {
            if let Some(pair) = pair(pattern) {
                assert_eq!(pair.card().pattern, pattern);
            }
        }
    }
}
