//! To each thread its own connection: a local variable is as local as can be.

use std::path::Path;
use std::thread;

use rusqlite::{Connection, OpenFlags};
use shared::locals::connection_per_worker::{Outcome, Plan, SQL};

/// Nobody writes, and no other thread has the connection, so that it needs no lock.
const ALONE: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Lets each worker query this database twice.
pub fn idiom(plan: &Plan, database: &Path) -> Outcome {
    let work = |number| -> rusqlite::Result<[String; 2]> {
        let connection = Connection::open_with_flags(database, ALONE)?;
        let mut users = connection.prepare(SQL)?;
        let mut query = || -> rusqlite::Result<String> {
            for row in users.query_map((), |row| row.get::<_, i64>(0))? {
                row?;
            }
            Ok(format!("Worker-{number} executed: {SQL}"))
        };
        Ok([query()?, query()?])
    };
    let work = &work;
    thread::scope(|scope| {
        let workers: Vec<_> = (0..plan.workers).map(|number| scope.spawn(move || work(number))).collect();
        let answers = workers.into_iter().map(|worker| worker.join().expect("it doesn't panic"));
        Outcome { answers: answers.collect::<Result<_, _>>().expect("it is a database") }
    })
}
