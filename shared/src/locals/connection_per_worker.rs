//! Cell 24: to each worker its own connection.
//!
//! **The cell** starts three threads that ask a function for a connection to a database, and query it. The function
//! keeps the connection in a thread-local variable, so that it opens one when a thread asks for the first time, and no
//! more.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing, when it opens a connection) | worker 0 to 2: `Opened` |
//! | `Worker-0 executed: SELECT * FROM users` | `Executed rows=3` |
//! | (nothing: it asks once) | `Again same=true`, and `Executed rows=3` |
//!
//! The notebook's connection only says that it executed something. Ours is one to an SQLite database, a file that is
//! made before the run; and each worker asks a second time, and gets the same one: `Opened` is said once. Whose connection
//! it is, the connection itself remembers, so that an answer shows which one was asked.
//!
//! **Laws.** None across workers: each opens one connection, however often it asks, and finds its own number in it.
//!
//! **Threads and tasks** differ in where the connection may be used. SQLite blocks while it reads its file. A thread
//! blocks nobody but itself, so its connection stays with it, and is closed when it ends. A task that blocks holds up
//! all others of the runtime's worker that it happens to be on; so the asynchronous side opens, asks and closes in
//! `spawn_blocking`. There the task-local value is not seen (see [`local_data`](super::local_data)): the connection is
//! handed over, and behind a mutex, because it moves between threads. A pool of threads that own their connections, and
//! to which tasks send what they want to know, is what grows out of this.
//!
//! **In Rust with threads**: a local variable of the thread. **With tasks**: one `spawn_blocking` that owns it.
//! **Gained**: a connection that must not be shared isn't, and is closed when its scope ends.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Await, Breach, Card, Fixture, KEPT_THREADS, Law, Limit, Overlap, Pattern, Role, Workload, script, steps,
};

/// What is asked.
pub const SQL: &str = "SELECT * FROM users";

/// Where a connection remembers the number of its worker: a variable of the connection's own, temporary schema, which no
/// other connection sees.
pub const OWNER: &str = "user_version";

/// Who is in the table `users` of the fixture.
pub const USERS: [&str; 3] = ["Ada", "Edsger", "Grace"];

steps! {
    /// What a worker does with its connection.
    pub enum Step of Kind {
        /// It has opened it.
        Opened,
        /// It has its answer, of so many rows.
        Executed { rows: usize },
        /// It has asked for a connection again. Whether it is the same.
        Again { same: bool },
    }
}

/// Who asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many workers.
    pub workers: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self { workers: 3 }
    }
}

/// What the workers read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Of each worker, in their order, the answers to its questions.
    pub answers: Vec<[String; 2]>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "answers": self.answers })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::ConnectionPerWorker.card();
    // Each has the file open, and a process may commonly have a thousand.
    const LIMITS: &[Limit] = &[Limit::new("workers", 1..=200)];
    const FIXTURE: Option<Fixture> = Some(Fixture::Database);
    const COMPARES: Option<&'static str> = Some(KEPT_THREADS);
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let executed = Step::Executed { rows: USERS.len() };
        let work = script![Step::Opened, executed, Step::Again { same: true }, executed];
        vec![Role::main(script![]), Role::new("worker", 0..self.workers, work)]
    }

    fn laws(&self) -> Vec<Law> {
        Vec::new()
    }

    fn overlaps(&self) -> Vec<Overlap> {
        vec![Overlap::having_said([("worker", self.workers)], Kind::Opened)]
    }

    fn awaits(&self) -> Vec<Await> {
        vec![
            Await::before(Kind::Opened),
            Await::between(Kind::Opened, Kind::Executed),
            Await::between(Kind::Again, Kind::Executed),
            Await::after(Kind::Executed),
        ]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Opened, Kind::Executed]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let due =
            (0..self.workers).map(|number| [(); 2].map(|()| format!("Worker-{number} executed: {SQL}")));
        if due.eq(outcome.answers.iter().cloned()) {
            return Ok(());
        }
        Err(Breach::new(format!("not each worker's own answers: {:?}", outcome.answers), []))
    }
}
