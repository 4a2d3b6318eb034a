//! To each thread its own connection.

pub mod idiom;

use std::cell::OnceCell;
use std::path::Path;
use std::rc::Rc;
use std::thread;

use rusqlite::{Connection, OpenFlags};
use shared::locals::connection_per_worker::{OWNER, Outcome, Plan, SQL, Step};
use shared::{Actor, Stage};

use crate::{Perform as _, join};

thread_local! {
    /// The connection of this thread, once it has asked for one.
    static CONNECTION: OnceCell<Rc<DatabaseConnection>> = const { OnceCell::new() };
}

/// Lets each worker ask for its connection twice, and query it.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let spawn = |number| {
        let database = stage.fixtures().database.clone().expect("it is this workload's fixture");
        // The connection is closed when its thread ends.
        thread::spawn(stage.actor("worker", number).perform(move |worker| work(&worker, &database)))
    };
    let workers: Vec<_> = (0..plan.workers).map(spawn).collect();
    let mut answers = Vec::new();
    for worker in workers {
        answers.push(join(worker));
    }
    Outcome { answers }
}

fn work(worker: &Actor, database: &Path) -> [String; 2] {
    let connection = get_connection(worker, database);
    let answer = query(worker, &connection);
    let again = get_connection(worker, database);
    worker.says(Step::Again { same: Rc::ptr_eq(&connection, &again) });
    [answer, query(worker, &again)]
}

/// The connection of this thread, which is opened if it has none yet.
fn get_connection(worker: &Actor, database: &Path) -> Rc<DatabaseConnection> {
    CONNECTION.with(|connection| {
        let open = || {
            let opened = DatabaseConnection::open(worker.number(), database);
            worker.says(Step::Opened);
            Rc::new(opened)
        };
        Rc::clone(connection.get_or_init(open))
    })
}

fn query(worker: &Actor, connection: &DatabaseConnection) -> String {
    let (answer, rows) = connection.query(SQL);
    worker.says(Step::Executed { rows });
    answer
}

/// A connection, which itself knows whose it is.
struct DatabaseConnection(Connection);

impl DatabaseConnection {
    fn open(worker: usize, database: &Path) -> Self {
        // No other thread has it, so that it needs no lock.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(database, flags);
        let connection = connection.expect("the fixture is a database");
        connection
            .pragma_update(Some("temp"), OWNER, worker)
            .expect("each connection has a schema of its own");
        Self(connection)
    }

    /// The notebook's answer, and the number of rows.
    fn query(&self, sql: &str) -> (String, usize) {
        let Self(connection) = self;
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
