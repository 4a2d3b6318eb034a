//! The stage: what a run gets beside its workload.

use std::sync::Arc;

use super::cast::Run;
use crate::{Actor, Fixtures, Pace, Program, Setting};

/// What a run gets beside its workload: the setting, the main line, and the maker of actors.
#[derive(Debug)]
pub struct Stage {
    main: Actor,
    run: Arc<Run>,
}

impl Stage {
    /// A stage for one run, with a number that no other run of this process has.
    pub fn new(setting: Setting) -> Self {
        let run = Arc::new(Run::new(setting));
        Self { main: Actor::new(&run, "main", 0), run }
    }

    /// The main line of the run, an actor like the others.
    pub fn main(&self) -> &Actor {
        &self.main
    }

    /// The pace of the run.
    pub fn pace(&self) -> Pace {
        self.run.setting.pace
    }

    /// What random numbers of the run are drawn from.
    pub fn seed(&self) -> u64 {
        self.run.setting.seed
    }

    /// What was made for the run before its clock started.
    pub fn fixtures(&self) -> &Fixtures {
        &self.run.setting.fixtures
    }

    /// The run that happens on this stage, for whoever wants its trace.
    pub fn program(&self) -> Program {
        Program { run: Arc::clone(&self.run) }
    }

    /// A new actor of this run. Whoever spawns it makes it, so that it is in the cast, and has its span, before it
    /// runs; the caller's place in the source is where it begins.
    ///
    /// # Panics
    /// If a run has more than 2³² actors.
    #[track_caller]
    pub fn actor(&self, role: &'static str, number: usize) -> Actor {
        Actor::new(&self.run, role, number)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Member, Setting, Side, Stage};

    #[test]
    fn the_cast_lists_every_actor_with_the_main_line_first() {
        let stage = Stage::new(Setting::new("none", Side::Threaded));
        drop(stage.actor("worker", 1));
        let _worker = stage.actor("worker", 2);
        let member = |role, number| Member { role, number };
        assert_eq!(stage.program().cast(), [member("main", 0), member("worker", 1), member("worker", 2)]);
    }

    #[test]
    fn runs_have_different_numbers() {
        let number = || Stage::new(Setting::new("none", Side::Threaded)).program().number();
        assert_ne!(number(), number());
    }
}
