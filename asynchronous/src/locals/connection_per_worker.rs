//! To each task its own connection.

pub mod idiom;

use std::cell::OnceCell;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use shared::locals::connection_per_worker::{OWNER, Outcome, Plan, SQL, Step};
use shared::{Actor, Stage};
use tokio::{task, task_local};

use crate::{Perform as _, join};

task_local! {
    /// The connection of this task, once it has asked for one.
    static CONNECTION: OnceCell<Arc<DatabaseConnection>>;
}

/// Lets each worker ask for its connection twice, and query it.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let spawn = |number| {
        let database = stage.fixtures().database.clone().expect("it is this workload's fixture");
        task::spawn(stage.actor("worker", number).perform(async move |worker| {
            let mut scope = pin!(CONNECTION.scope(OnceCell::new(), work(&worker, &database)));
            let answers = scope.as_mut().await;
            // To close it may block too, so it must not be dropped here.
            let connection = scope.take_value();
            join(task::spawn_blocking(move || drop(connection))).await;
            answers
        }))
    };
    let workers: Vec<_> = (0..plan.workers).map(spawn).collect();
    let mut answers = Vec::new();
    for worker in workers {
        answers.push(join(worker).await);
    }
    Outcome { answers }
}

async fn work(worker: &Actor, database: &Path) -> [String; 2] {
    let connection = get_connection(worker, database).await;
    let answer = query(worker, &connection).await;
    let again = get_connection(worker, database).await;
    worker.says(Step::Again { same: Arc::ptr_eq(&connection, &again) });
    [answer, query(worker, &again).await]
}

/// The connection of this task, which is opened if it has none yet.
async fn get_connection(worker: &Actor, database: &Path) -> Arc<DatabaseConnection> {
    if let Some(connection) = CONNECTION.with(|connection| connection.get().cloned()) {
        return connection;
    }
    let (number, database) = (worker.number(), database.to_owned());
    let opened = join(task::spawn_blocking(move || DatabaseConnection::open(number, &database))).await;
    worker.says(Step::Opened);
    CONNECTION.with(|connection| Arc::clone(connection.get_or_init(|| Arc::new(opened))))
}

async fn query(worker: &Actor, connection: &Arc<DatabaseConnection>) -> String {
    let connection = Arc::clone(connection);
    let (answer, rows) = join(task::spawn_blocking(move || connection.query(SQL))).await;
    worker.says(Step::Executed { rows });
    answer
}

/// A connection, which itself knows whose it is.
///
/// One thread of the runtime's pool uses it, and then another.
struct DatabaseConnection(Mutex<Connection>);

impl DatabaseConnection {
    fn open(worker: usize, database: &Path) -> Self {
        // It has a lock of ours: its own would be a second.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(database, flags);
        let connection = connection.expect("the fixture is a database");
        connection
            .pragma_update(Some("temp"), OWNER, worker)
            .expect("each connection has a schema of its own");
        Self(Mutex::new(connection))
    }

    /// The notebook's answer, and the number of rows.
    fn query(&self, sql: &str) -> (String, usize) {
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let owner = connection.pragma_query_value(Some("temp"), OWNER, |row| row.get::<_, usize>(0));
        let owner = owner.expect("it was written when the connection was opened");
        let mut statement = connection.prepare(sql).expect("the fixture has what is asked for");
        let rows = statement.query_map((), |_| Ok(())).expect("nothing is left to be bound");
        (
            format!("Worker-{owner} executed: {sql}"),
            rows.map(|row| row.expect("the fixture can be read")).count(),
        )
    }
}
