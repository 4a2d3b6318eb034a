//! What can't be seen from outside, and why.

/// The faults that a comparison of right and wrong can miss, each with the reason.
const UNSEEN: &[(&str, &str)] = &[
    (
        "safe-counter-locks-all-its-increments",
        "a lock whose holder may take it again before whoever waits is woken lets one worker do all of it too",
    ),
    (
        "arguments-waits-in-a-std-channel",
        "the main line has sent before it first waits, so that where tasks share a thread nobody is kept waiting; on \
         several, a worker is for microseconds",
    ),
    (
        "active-counts-the-workers",
        "how many tasks a runtime counts is its own affair: those of an earlier run may be among them",
    ),
    ("local-value-is-captured", "a captured value is the same value"),
    ("local-value-is-captured-too", "a captured value is the same value"),
    (
        "wrote-is-read-again",
        "nobody comes between a write and the read that follows at once, but for chance; a trace with it is lawful",
    ),
    ("ticker-drifts", "that a tick comes late is what a busy machine brings about"),
    (
        "holder-releases-before-it-says-so",
        "nobody wants the lock at that time, so that the order of the two shows nowhere",
    ),
    (
        "notebooks-scene-has-the-fair-lock",
        "a lock that lets readers overtake need not, and then is like a fair one",
    ),
    (
        "job-calls-itself-back",
        "a job that calls back itself when all is computed says what the pool would say",
    ),
    ("download-connects-with-std", "a connection to this machine is made without a wait"),
    (
        "local-data-asks-a-task-again",
        "a task of its own finds what a thread for blocking work finds; which of them may block, only blocking shows",
    ),
    (
        "callbacks-spins-until-looked-at",
        "it spins for good only where all tasks share a thread and the main line is put off twice in a row just then, \
         which half of the seeds bring about",
    ),
    ("singleton-compares-values", "where there is one instance, there is one value"),
    (
        "worker-is-asked-to-go-on-before-it-is-looked-at",
        "that the worker is over between two things that are next to each other takes luck",
    ),
];

/// Why a fault can't be seen; none where it can.
pub(crate) fn reason(slug: &str) -> Option<&'static str> {
    UNSEEN.iter().find(|(name, _)| *name == slug).map(|(_, reason)| *reason)
}

/// Their names.
#[cfg(test)]
pub(crate) fn slugs() -> impl Iterator<Item = &'static str> {
    UNSEEN.iter().map(|(slug, _)| *slug)
}
