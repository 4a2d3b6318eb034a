//! To each job its own connection: what blocks is done where it may block, from the first line to the last, so that the
//! connection never moves.

use std::path::Path;

use futures::future;
use rusqlite::{Connection, OpenFlags};
use shared::locals::connection_per_worker::{Outcome, Plan, SQL};
use tokio::task;

/// Nobody writes, and no other thread has the connection, so that it needs no lock.
const ALONE: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Lets each worker query this database twice.
pub async fn idiom(plan: &Plan, database: &Path) -> Outcome {
    let spawn = |number| {
        let database = database.to_owned();
        task::spawn_blocking(move || work(number, &database))
    };
    let answers = future::try_join_all((0..plan.workers).map(spawn)).await.expect("they don't panic");
    Outcome { answers: answers.into_iter().collect::<Result<_, _>>().expect("it is a database") }
}

fn work(number: usize, database: &Path) -> rusqlite::Result<[String; 2]> {
    let connection = Connection::open_with_flags(database, ALONE)?;
    let mut users = connection.prepare(SQL)?;
    let mut query = || -> rusqlite::Result<String> {
        for row in users.query_map((), |row| row.get::<_, i64>(0))? {
            row?;
        }
        Ok(format!("Worker-{number} executed: {SQL}"))
    };
    Ok([query()?, query()?])
}
