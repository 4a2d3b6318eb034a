//! Fixtures: what some patterns find made before their clock starts.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;
use shared::locals::connection_per_worker::USERS;
use shared::{Fixture, Fixtures};
use tempfile::NamedTempFile;

use super::Origin;
use super::child::this_program;
use super::failure::system_words;

/// Why there is no fixture.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// The origin could not be started.
    #[error("the origin of the pages could not be started: {0}")]
    Origin(io::Error),
    /// The origin doesn't answer any more, while a run needed it.
    #[error("the origin of the pages is gone: {0}")]
    Gone(io::Error),
    /// The database has no file.
    #[error("no temporary file could be made for the database: {}", system_words(.0))]
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

    /// What a run is to find, in which so many requests are to wait for each other for at most so long, if they are.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn make(
        &mut self,
        fixture: Option<Fixture>,
        meeting: Option<(usize, Duration)>,
    ) -> Result<Fixtures, FixtureError> {
        let mut fixtures = Fixtures::default();
        match fixture {
            None => {}
            Some(Fixture::Origin) => {
                let origin = self.origin().map_err(FixtureError::Origin)?;
                let address = match meeting {
                    Some((count, patience)) => origin.meeting(count, patience),
                    None => Ok(origin.address()),
                };
                fixtures.origin = Some(address.map_err(FixtureError::Origin)?);
            }
            Some(Fixture::Database) => fixtures.database = Some(self.database()?.path().into()),
        }
        Ok(fixtures)
    }

    /// How many requests the origin had at once, at most, in the run that is over; none where that has no origin.
    ///
    /// # Errors
    /// If the origin doesn't answer, so that what the run did says nothing.
    pub fn peak_requests(&mut self, fixture: Option<Fixture>) -> Result<usize, FixtureError> {
        match (fixture, &mut self.origin) {
            (Some(Fixture::Origin), Some(origin)) => origin.peak_requests().map_err(FixtureError::Gone),
            _ => Ok(0),
        }
    }

    fn has_origin(&mut self) -> bool {
        self.origin.as_mut().is_some_and(Origin::is_alive)
    }

    fn origin(&mut self) -> io::Result<&mut Origin> {
        // Somebody may have ended it.
        if !self.has_origin() {
            let program = self.program.clone().map_or_else(this_program, Ok)?;
            self.origin = Some(Origin::start(&program)?);
        }
        Ok(self.origin.as_mut().expect("it was started, now or before"))
    }

    fn database(&mut self) -> Result<&NamedTempFile, FixtureError> {
        if self.database.is_none() {
            self.database = Some(make_database()?);
        }
        Ok(self.database.as_ref().expect("it was made, now or before"))
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
