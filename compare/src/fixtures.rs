//! Fixtures: what some patterns find made before their clock starts.

use std::env;
use std::io;
use std::path::PathBuf;

use rusqlite::Connection;
use shared::locals::connection_per_worker::USERS;
use shared::{Fixture, Fixtures};
use tempfile::NamedTempFile;

use crate::origin::Origin;

/// Why there is no fixture.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// The origin could not be started.
    #[error("the origin of the pages could not be started: {0}")]
    Origin(io::Error),
    /// The database has no file.
    #[error("the database has no file: {0}")]
    File(io::Error),
    /// The database could not be filled.
    #[error("the database could not be filled: {0}")]
    Database(#[from] rusqlite::Error),
}

/// Where fixtures are made, each when the first run asks for it. They are gone when it is dropped.
#[derive(Debug, Default)]
pub struct Workshop {
    program: Option<PathBuf>,
    origin: Option<Origin>,
    database: Option<NamedTempFile>,
}

impl Workshop {
    /// A workshop whose origin is this program, instead of the one that runs.
    pub fn with_program(program: impl Into<PathBuf>) -> Self {
        Self { program: Some(program.into()), ..Self::default() }
    }

    /// What a run is to find.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn make(&mut self, fixture: Option<Fixture>) -> Result<Fixtures, FixtureError> {
        let mut fixtures = Fixtures::default();
        match fixture {
            None => {}
            Some(Fixture::Origin) => {
                let origin = self.origin().map_err(FixtureError::Origin)?;
                fixtures.origin = Some(origin.address());
            }
            Some(Fixture::Database) => fixtures.database = Some(self.database()?.path().into()),
        }
        Ok(fixtures)
    }

    fn origin(&mut self) -> io::Result<&Origin> {
        // Somebody may have ended it.
        let alive = self.origin.take().and_then(Origin::if_alive);
        let origin = match alive {
            Some(origin) => origin,
            None => Origin::start(&self.program.clone().map_or_else(env::current_exe, Ok)?)?,
        };
        Ok(self.origin.insert(origin))
    }

    fn database(&mut self) -> Result<&NamedTempFile, FixtureError> {
        let database = match self.database.take() {
            Some(database) => database,
            None => make_database()?,
        };
        Ok(self.database.insert(database))
    }
}

fn make_database() -> Result<NamedTempFile, FixtureError> {
    let file = NamedTempFile::with_prefix("compare-").map_err(FixtureError::File)?;
    let database = Connection::open(file.path())?;
    database.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)", ())?;
    for name in USERS {
        database.execute("INSERT INTO users (name) VALUES (?1)", [name])?;
    }
    Ok(file)
}
