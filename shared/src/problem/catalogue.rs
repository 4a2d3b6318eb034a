//! The catalogue: every pattern of the notebook, in the notebook's order.

use std::fmt::{self, Display};
use std::ops::RangeInclusive;

use serde::de::Error as _;
use serde::{Deserialize, Serialize};

/// One of the things that the notebook shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
// A list of names: what each is stands in its card, and in the file of the pattern.
#[allow(missing_docs)]
pub enum Pattern {
    Sequential,
    Concurrent,
    CpuBound,
    IoBound,
    Arguments,
    WorkerStruct,
    Attributes,
    Daemon,
    RaceCondition,
    SafeCounter,
    Lock,
    ReentrantLock,
    Semaphore,
    BoundedSemaphore,
    Condition,
    Event,
    EventTimeout,
    Barrier,
    AsCompleted,
    OrderedMap,
    Exceptions,
    Callbacks,
    LocalData,
    ConnectionPerWorker,
    ProducerConsumer,
    ManyProducersConsumers,
    ReaderWriter,
    ManagedWorker,
    BoundedBuffer,
    Singleton,
    PeriodicTask,
    PoolFromScratch,
    ParallelMap,
}

/// A section of the notebook that has patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
// As above: a list of names.
#[allow(missing_docs)]
pub enum Section {
    Introduction,
    Gil,
    Creating,
    Synchronization,
    Locks,
    Signals,
    Pools,
    Locals,
    Practices,
    Exercises,
}

/// A pattern's entry in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Card {
    /// The pattern.
    pub pattern: Pattern,
    /// Its name everywhere: on the command line, in JSON, as the stem of its files.
    pub slug: &'static str,
    /// Its section, which is the folder of its files.
    pub section: Section,
    /// The notebook's cells that show it.
    pub cells: &'static [u8],
    /// What it shows, in a few words.
    pub title: &'static str,
    /// The Python with which the notebook shows it.
    pub idiom: &'static str,
}

impl Section {
    /// Every section, in the notebook's order.
    pub const ALL: [Self; 10] = [
        Self::Introduction,
        Self::Gil,
        Self::Creating,
        Self::Synchronization,
        Self::Locks,
        Self::Signals,
        Self::Pools,
        Self::Locals,
        Self::Practices,
        Self::Exercises,
    ];

    /// Its name on the command line, in JSON and as a folder.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Introduction => "introduction",
            Self::Gil => "gil",
            Self::Creating => "creating",
            Self::Synchronization => "synchronization",
            Self::Locks => "locks",
            Self::Signals => "signals",
            Self::Pools => "pools",
            Self::Locals => "locals",
            Self::Practices => "practices",
            Self::Exercises => "exercises",
        }
    }

    /// Its patterns, in the notebook's order.
    pub fn patterns(self) -> impl Iterator<Item = Pattern> {
        Pattern::all().filter(move |pattern| pattern.card().section == self)
    }
}

impl Pattern {
    /// How many there are.
    pub const COUNT: usize = Self::ParallelMap as usize + 1;

    /// Every pattern, in the notebook's order.
    pub fn all() -> impl Iterator<Item = Self> {
        CARDS.iter().map(|card| card.pattern)
    }

    /// Its entry in the catalogue.
    pub const fn card(self) -> Card {
        CARDS[self as usize]
    }

    /// The pattern of this name, written with `_` or with `-`.
    pub fn named(name: &str) -> Option<Self> {
        let slug = name.replace('-', "_");
        CARDS.iter().find(|card| card.slug == slug).map(|card| card.pattern)
    }
}

impl Card {
    /// The path of its file in `shared/src`, `threaded/src` and `asynchronous/src`.
    pub fn path(&self) -> String {
        format!("{}/{}.rs", self.section, self.slug)
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.card().slug)
    }
}

impl Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.slug())
    }
}

impl Serialize for Pattern {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.card().slug)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let slug = String::deserialize(deserializer)?;
        Self::named(&slug).ok_or_else(|| D::Error::custom(format!("there is no pattern {slug:?}")))
    }
}

/// The cells that a pattern may come from.
pub const CELLS: RangeInclusive<u8> = 1..=38;

/// The catalogue itself.
const CARDS: [Card; Pattern::COUNT] = [
    Card {
        pattern: Pattern::Sequential,
        slug: "sequential",
        section: Section::Introduction,
        cells: &[1],
        title: "one thing after the other",
        idiom: "two function calls",
    },
    Card {
        pattern: Pattern::Concurrent,
        slug: "concurrent",
        section: Section::Introduction,
        cells: &[2],
        title: "two things at once",
        idiom: "threading.Thread(target=…)",
    },
    Card {
        pattern: Pattern::CpuBound,
        slug: "cpu_bound",
        section: Section::Gil,
        cells: &[3],
        title: "work that computes",
        idiom: "a loop under the GIL",
    },
    Card {
        pattern: Pattern::IoBound,
        slug: "io_bound",
        section: Section::Gil,
        cells: &[4],
        title: "work that waits",
        idiom: "time.sleep, which frees the GIL",
    },
    Card {
        pattern: Pattern::Arguments,
        slug: "arguments",
        section: Section::Creating,
        cells: &[5],
        title: "a named worker with arguments",
        idiom: "Thread(args=…, name=…)",
    },
    Card {
        pattern: Pattern::WorkerStruct,
        slug: "worker_struct",
        section: Section::Creating,
        cells: &[6],
        title: "a type that owns its worker",
        idiom: "class Worker(threading.Thread)",
    },
    Card {
        pattern: Pattern::Attributes,
        slug: "attributes",
        section: Section::Creating,
        cells: &[7],
        title: "what a worker knows of itself",
        idiom: "current_thread, enumerate",
    },
    Card {
        pattern: Pattern::Daemon,
        slug: "daemon",
        section: Section::Creating,
        cells: &[8],
        title: "a worker in the background",
        idiom: "Thread(daemon=True)",
    },
    Card {
        pattern: Pattern::RaceCondition,
        slug: "race_condition",
        section: Section::Synchronization,
        cells: &[9],
        title: "lost updates",
        idiom: "read, sleep, write",
    },
    Card {
        pattern: Pattern::SafeCounter,
        slug: "safe_counter",
        section: Section::Synchronization,
        cells: &[10],
        title: "no update is lost under a lock",
        idiom: "with self.lock",
    },
    Card {
        pattern: Pattern::Lock,
        slug: "lock",
        section: Section::Locks,
        cells: &[11],
        title: "four ways to acquire a lock",
        idiom: "threading.Lock",
    },
    Card {
        pattern: Pattern::ReentrantLock,
        slug: "reentrant_lock",
        section: Section::Locks,
        cells: &[12],
        title: "a lock that its owner may acquire again",
        idiom: "threading.RLock",
    },
    Card {
        pattern: Pattern::Semaphore,
        slug: "semaphore",
        section: Section::Locks,
        cells: &[13],
        title: "at most three at once",
        idiom: "threading.Semaphore",
    },
    Card {
        pattern: Pattern::BoundedSemaphore,
        slug: "bounded_semaphore",
        section: Section::Locks,
        cells: &[14],
        title: "one release too many",
        idiom: "threading.BoundedSemaphore",
    },
    Card {
        pattern: Pattern::Condition,
        slug: "condition",
        section: Section::Signals,
        cells: &[15],
        title: "waiting until something holds",
        idiom: "threading.Condition",
    },
    Card {
        pattern: Pattern::Event,
        slug: "event",
        section: Section::Signals,
        cells: &[16],
        title: "a flag to wait for",
        idiom: "threading.Event",
    },
    Card {
        pattern: Pattern::EventTimeout,
        slug: "event_timeout",
        section: Section::Signals,
        cells: &[17],
        title: "a flag that is never set",
        idiom: "Event.wait(timeout=…)",
    },
    Card {
        pattern: Pattern::Barrier,
        slug: "barrier",
        section: Section::Signals,
        cells: &[18],
        title: "nobody goes on before all are there",
        idiom: "threading.Barrier",
    },
    Card {
        pattern: Pattern::AsCompleted,
        slug: "as_completed",
        section: Section::Pools,
        cells: &[19],
        title: "results in the order of completion",
        idiom: "as_completed(futures)",
    },
    Card {
        pattern: Pattern::OrderedMap,
        slug: "ordered_map",
        section: Section::Pools,
        cells: &[20],
        title: "results in the order of the items",
        idiom: "executor.map",
    },
    Card {
        pattern: Pattern::Exceptions,
        slug: "exceptions",
        section: Section::Pools,
        cells: &[21],
        title: "one job fails, the others don't",
        idiom: "future.result() raises",
    },
    Card {
        pattern: Pattern::Callbacks,
        slug: "callbacks",
        section: Section::Pools,
        cells: &[22],
        title: "to be called back when a job is done",
        idiom: "future.add_done_callback",
    },
    Card {
        pattern: Pattern::LocalData,
        slug: "local_data",
        section: Section::Locals,
        cells: &[23],
        title: "to each worker its own value",
        idiom: "threading.local",
    },
    Card {
        pattern: Pattern::ConnectionPerWorker,
        slug: "connection_per_worker",
        section: Section::Locals,
        cells: &[24],
        title: "to each worker its own connection",
        idiom: "hasattr on threading.local",
    },
    Card {
        pattern: Pattern::ProducerConsumer,
        slug: "producer_consumer",
        section: Section::Practices,
        cells: &[25],
        title: "a queue with an end",
        idiom: "queue.Queue, None as sentinel",
    },
    Card {
        pattern: Pattern::ManyProducersConsumers,
        slug: "many_producers_consumers",
        section: Section::Practices,
        cells: &[26],
        title: "a queue between many",
        idiom: "Queue.join, then Event.set",
    },
    Card {
        pattern: Pattern::ReaderWriter,
        slug: "reader_writer",
        section: Section::Practices,
        cells: &[27],
        title: "many readers or one writer",
        idiom: "a class over Condition",
    },
    Card {
        pattern: Pattern::ManagedWorker,
        slug: "managed_worker",
        section: Section::Practices,
        cells: &[28],
        title: "a worker that stops when asked",
        idiom: "Event.wait as a sleep",
    },
    Card {
        pattern: Pattern::BoundedBuffer,
        slug: "bounded_buffer",
        section: Section::Exercises,
        cells: &[29, 34],
        title: "a buffer that blocks when full or empty",
        idiom: "a list under Condition",
    },
    Card {
        pattern: Pattern::Singleton,
        slug: "singleton",
        section: Section::Exercises,
        cells: &[30, 35],
        title: "one instance, whoever comes first",
        idiom: "double-checked __new__",
    },
    Card {
        pattern: Pattern::PeriodicTask,
        slug: "periodic_task",
        section: Section::Exercises,
        cells: &[31, 36],
        title: "the same again at intervals",
        idiom: "Event.wait(interval)",
    },
    Card {
        pattern: Pattern::PoolFromScratch,
        slug: "pool_from_scratch",
        section: Section::Exercises,
        cells: &[32, 37],
        title: "workers that take jobs from a queue",
        idiom: "threads over queue.Queue",
    },
    Card {
        pattern: Pattern::ParallelMap,
        slug: "parallel_map",
        section: Section::Exercises,
        cells: &[33, 38],
        title: "a function over many items at once",
        idiom: "a map over an executor",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{CELLS, Pattern, Section};

    #[test]
    fn every_pattern_has_its_own_card() {
        for (place, pattern) in Pattern::all().enumerate() {
            assert_eq!(pattern as usize, place, "the cards are in the order of the enum");
            assert_eq!(pattern.card().pattern, pattern);
        }
        let slugs: BTreeSet<_> = Pattern::all().map(|pattern| pattern.card().slug).collect();
        assert_eq!(slugs.len(), Pattern::COUNT);
    }

    #[test]
    fn every_cell_is_covered_once() {
        let mut cells: Vec<u8> = Pattern::all().flat_map(|pattern| pattern.card().cells).copied().collect();
        cells.sort_unstable();
        assert_eq!(cells, CELLS.collect::<Vec<_>>());
    }

    #[test]
    fn every_section_has_patterns_in_one_row() {
        let sections: Vec<Section> = Pattern::all().map(|pattern| pattern.card().section).collect();
        assert!(sections.is_sorted());
        assert_eq!(sections.iter().collect::<BTreeSet<_>>().len(), Section::ALL.len());
        assert_eq!(Section::ALL.into_iter().flat_map(Section::patterns).count(), Pattern::COUNT);
    }

    #[test]
    fn names_are_found_with_either_dash() {
        assert_eq!(Pattern::named("cpu-bound"), Some(Pattern::CpuBound));
        assert_eq!(Pattern::named("cpu_bound"), Some(Pattern::CpuBound));
        assert_eq!(Pattern::named("cpubound"), None);
    }
}
