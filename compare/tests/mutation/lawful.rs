//! What a right run may look like as well: mutants that nobody has to notice, and why.

use shared::Pattern;

use super::Kind;

/// A mutant that a right run could look like.
pub(crate) struct Lawful {
    pub(crate) pattern: Pattern,
    pub(crate) kind: Kind,
    /// What is changed, as a mutation names it.
    pub(crate) what: &'static str,
    /// Why a right run may look like that.
    #[expect(dead_code, reason = "it is for who reads the list")]
    pub(crate) reason: &'static str,
    /// Whether it takes a machine so busy that a test can't wait for it, and so is never stale.
    pub(crate) seldom: bool,
}

impl Lawful {
    const fn new(pattern: Pattern, kind: Kind, what: &'static str, reason: &'static str) -> Self {
        Self { pattern, kind, what, reason, seldom: false }
    }

    const fn seldom(self) -> Self {
        Self { seldom: true, ..self }
    }
}

/// All of them.
pub(crate) const LAWFUL: &[Lawful] = &[
    Lawful::new(
        Pattern::Arguments,
        Kind::Outcome,
        "name: null",
        "that threads have a name and tasks have none is documented, and held over all runs with the plan of the \
         pair; which side a single run with another plan is of, the problem doesn't know",
    ),
    Lawful::new(
        Pattern::Attributes,
        Kind::Outcome,
        "active: another number",
        "a runtime counts its own tasks as well, and those of an earlier run that are not over yet",
    ),
    Lawful::new(Pattern::Attributes, Kind::Outcome, "id: cut", "an id is any text that is another's nowhere"),
    Lawful::new(
        Pattern::Attributes,
        Kind::Outcome,
        "main: cut",
        "an id is any text that is another's nowhere",
    ),
    Lawful::new(
        Pattern::Daemon,
        Kind::Dropped,
        "daemon: Working",
        "the daemon may be ended in its pause as well as after it had begun another round",
    ),
    Lawful::new(
        Pattern::Condition,
        Kind::Dropped,
        "consumer: Waiting",
        "a consumer that comes when the data is ready doesn't wait, and one that waits is not woken in vain",
    ),
    Lawful::new(
        Pattern::Condition,
        Kind::Doubled,
        "consumer: Waiting",
        "a consumer may be woken without reason, and waits again",
    ),
    Lawful::new(
        Pattern::Condition,
        Kind::Moved,
        "consumer: Waiting to consumer",
        "which of them comes too early, and how often it is woken in vain, is nobody's business",
    ),
    Lawful::new(
        Pattern::ReaderWriter,
        Kind::Dropped,
        "main: pauses",
        "the main line looks again after a pause until the second writer is seen to wait: once less is enough",
    ),
    Lawful::new(
        Pattern::ReaderWriter,
        Kind::Doubled,
        "main: pauses",
        "the main line looks again after a pause until the second writer is seen to wait: it may take once more",
    ),
    Lawful::new(
        Pattern::ManyProducersConsumers,
        Kind::Dropped,
        "consumer: waits",
        "how often a consumer looks whether it is to stop is nobody's business",
    ),
    Lawful::new(
        Pattern::ManyProducersConsumers,
        Kind::Doubled,
        "consumer: waits",
        "how often a consumer looks whether it is to stop is nobody's business",
    ),
    Lawful::new(
        Pattern::ManyProducersConsumers,
        Kind::Moved,
        "consumer: waits to consumer",
        "how often each of the consumers looks whether it is to stop is nobody's business",
    ),
    Lawful::new(
        Pattern::PoolFromScratch,
        Kind::Moved,
        "worker: Task to worker",
        "which of two idle workers gets a job is nobody's business",
    ),
    Lawful::new(
        Pattern::Singleton,
        Kind::Moved,
        "caller: Constructing to caller",
        "which of those that ask makes the instance is nobody's business",
    ),
    Lawful::new(
        Pattern::PeriodicTask,
        Kind::Field,
        "ticker: Tick.number",
        "a tick that is late by an interval may be the next one, after one that was missed",
    )
    .seldom(),
];

/// The fields that nothing holds, as `Step.field`, and why.
pub(crate) const FREE: &[(Pattern, &str, &str)] = &[(
    Pattern::AsCompleted,
    "Failed.page",
    "no right run says it, because the origin has every page: a law holds it to the page that was asked for",
)];
