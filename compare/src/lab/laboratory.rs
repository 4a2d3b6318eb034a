//! The laboratory: runs one arm of a pair once, watches it, and hands out its outcome and its trace.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use shared::{End, Meeting, Pace, Program, Setting, Shape, Stage, Trace, What};

use super::failure::{in_words, system_words};
use super::workers::{Workers, block};
use super::{Arm, Failure, Progress, Round, Runtime, Settings, Usage, Workshop, interruption};
use crate::capture;
use crate::pair::{Pair, Problem, Threads, Yielded, visible};

/// One finished run.
#[derive(Debug)]
pub struct Completed {
    /// What it yielded.
    pub yielded: Yielded,
    /// What its actors did.
    pub trace: Trace,
    /// What it used of the machine.
    pub usage: Usage,
}

/// A run that failed, with what its actors did until then.
#[derive(Debug)]
pub struct Broken {
    /// Why it failed.
    pub failure: Failure,
    /// What its actors did; none where that is not known.
    pub trace: Option<Trace>,
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self { failure, trace: None }
    }
}

/// What the one who waits for a run receives.
#[derive(Debug, Clone, Copy)]
pub enum Message {
    /// The run of this number is over.
    Over(u64),
    /// The user wants no more.
    Interrupted,
}

/// Where runs are made, one after the other.
#[derive(Debug)]
pub struct Lab {
    /// How they are made.
    pub settings: Settings,
    /// Each runtime that a run has needed.
    workers: BTreeMap<Runtime, Arc<Workers>>,
    workshop: Workshop,
    messages: Receiver<Message>,
    sender: Sender<Message>,
    progress: Progress,
}

impl Lab {
    /// A laboratory. A runtime is made for the first run that needs it, unless [it was made before](Self::make_room).
    pub fn new(settings: Settings, progress: Progress) -> Self {
        capture::install();
        let (sender, messages) = mpsc::channel();
        let workshop = Workshop::default();
        Self { settings, workers: BTreeMap::new(), workshop, messages, sender, progress }
    }

    /// Makes what the tasks of these arms run on, before any run takes of the room that there is.
    ///
    /// # Errors
    /// If the system has no room for the threads.
    pub fn make_room(&mut self, arms: &[Arm]) -> io::Result<()> {
        arms.iter().filter_map(|arm| arm.runtime()).try_for_each(|runtime| self.workers(runtime).map(drop))
    }

    /// The same laboratory, where fixtures are made in this workshop.
    #[must_use]
    pub fn with_workshop(self, workshop: Workshop) -> Self {
        Self { workshop, ..self }
    }

    /// Where to send that the user wants no more.
    pub fn sender(&self) -> Sender<Message> {
        self.sender.clone()
    }

    /// From now on, Ctrl-C, a hang-up or a signal to terminate ends the work in order.
    ///
    /// # Errors
    /// If the system doesn't let us listen.
    pub fn listen_for_interruptions(&self) -> io::Result<()> {
        let sender = self.sender();
        // Where the lab is gone, there is nothing to interrupt.
        interruption::listen(move || sender.send(Message::Interrupted).is_ok())
    }

    /// What shows how far the work is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The setting of a run that is timed: it is not watched, and has no noise.
    pub fn timed(&self, pair: &Pair, arm: Arm, pace: Pace) -> Setting {
        let seed = self.settings.seed;
        Setting { pace, seed, watched: false, ..Setting::new(pair.problem().card().slug, arm.side()) }
    }

    /// The setting of a run that behaviour is judged by.
    pub fn judged(&self, pair: &Pair, arm: Arm, round: &Round) -> Setting {
        let meeting = round.meeting.as_ref().and_then(|meeting| {
            pair.problem().overlaps().into_iter().find(|overlap| overlap.to_string() == *meeting)
        });
        let meeting = meeting.map(|overlap| Arc::new(Meeting::of(overlap)));
        let alone = round.alone(arm) && !meeting.as_ref().is_some_and(|meeting| meeting.blocks_threads());
        Setting {
            watched: true,
            noise: round.noise(),
            block,
            alone,
            meeting,
            ..self.timed(pair, arm, round.pace)
        }
    }

    /// Runs one arm of a pair once.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run(&mut self, pair: &Pair, arm: Arm, mut setting: Setting) -> Result<Completed, Broken> {
        let problem = pair.problem();
        setting.side = arm.side();
        let meeting = setting.meeting.as_ref().and_then(|meeting| meeting.at_the_origin());
        let fixtures = self.workshop.make(problem.fixture(), meeting);
        setting.fixtures = fixtures.map_err(|error| Failure::Fixture(error.to_string()))?;
        let runtime = runtime(arm, &setting);
        let stage = Stage::new(setting);
        let program = stage.program();
        let notifier = Notifier { run: program.number(), messages: self.sender.clone() };
        let body = self.body(pair, arm, runtime, stage)?;
        let before = Usage::now();
        let handle = thread::Builder::new().spawn(move || {
            let _notifier = notifier;
            body()
        });
        let handle = handle.map_err(|error| Failure::NoRoom(system_words(&error)))?;
        self.wait_for(&program, problem)?;
        let result = handle.join();
        let usage = Usage::now().since(before);

        let mut trace = read(&program, problem.shapes())?;
        match self.workshop.peak_requests(problem.fixture()) {
            Ok(requests) => trace.peak_requests = requests,
            Err(gone) => {
                return Err(Broken { failure: Failure::Fixture(gone.to_string()), trace: Some(trace) });
            }
        }
        match result {
            Ok(finish) => match trace.gaps() {
                gaps if gaps.is_empty() => Ok(Completed { yielded: finish(), trace, usage }),
                gaps => Err(Broken { failure: Failure::Incomplete(gaps), trace: Some(trace) }),
            },
            Err(_) => Err(Broken { failure: Failure::panicked(&trace), trace: Some(trace) }),
        }
    }

    /// What is to be called for one run, with tasks if it is of tasks, which are on such a runtime.
    fn body(
        &mut self,
        pair: &Pair,
        arm: Arm,
        runtime: Option<Runtime>,
        stage: Stage,
    ) -> Result<Threads, Failure> {
        Ok(match runtime {
            None => pair.threads(stage, arm.is_idiom()),
            Some(runtime) => {
                let workers = self.workers(runtime).map_err(|error| Failure::NoRoom(system_words(&error)))?;
                let tasks = pair.tasks(stage, arm.is_idiom());
                Box::new(move || workers.block_on(tasks))
            }
        })
    }

    fn workers(&mut self, runtime: Runtime) -> io::Result<Arc<Workers>> {
        Ok(Arc::clone(match self.workers.entry(runtime) {
            Entry::Occupied(made) => made.into_mut(),
            Entry::Vacant(place) => place.insert(Arc::new(Workers::new(runtime)?)),
        }))
    }

    /// Waits until a run is over. The watch is kept here, on a thread of our own: a runtime that hangs could not.
    fn wait_for(&self, program: &Program, problem: &dyn Problem) -> Result<(), Broken> {
        let limit = self.settings.timeout;
        let mut deadline = Instant::now() + limit;
        loop {
            let start = Instant::now();
            let look = deadline.saturating_duration_since(start).min(LOOK);
            let message = self.messages.recv_timeout(look);
            // Whoever looks late was stopped meanwhile, as by Ctrl-Z, and so was the run.
            deadline += start.elapsed().saturating_sub(look);
            match message {
                Ok(Message::Over(run)) if run == program.number() => return Ok(()),
                // A run that passed its deadline and is over after all.
                Ok(Message::Over(_)) => {}
                Ok(Message::Interrupted) => return Err(Failure::Interrupted.into()),
                Err(RecvTimeoutError::Timeout) if Instant::now() < deadline => {}
                Err(RecvTimeoutError::Timeout) => {
                    let trace = read(program, problem.shapes()).ok();
                    return Err(Broken { failure: Failure::deadline(limit, problem, trace.as_ref()), trace });
                }
                Err(RecvTimeoutError::Disconnected) => unreachable!("the lab has a sender of its own"),
            }
        }
    }
}

/// What the tasks of such a run are on, if it has any. One thread can't be blocked in one task, and go on with another.
fn runtime(arm: Arm, setting: &Setting) -> Option<Runtime> {
    let runtime = arm.runtime()?;
    let blocks_threads = setting.meeting.as_ref().is_some_and(|meeting| meeting.blocks_threads());
    Some(match runtime {
        Runtime::Current if blocks_threads => Runtime::Cores,
        _ if setting.alone && !blocks_threads => Runtime::Current,
        _ => runtime,
    })
}

/// How often a watch is looked at, while a run goes on.
pub const LOOK: Duration = Duration::from_millis(100);

/// Says that a run is over, however it ends.
struct Notifier {
    run: u64,
    messages: Sender<Message>,
}

impl Drop for Notifier {
    fn drop(&mut self) {
        // Nobody listens any more where the lab is gone.
        let _ = self.messages.send(Message::Over(self.run));
    }
}

fn read(program: &Program, shapes: &[Shape]) -> Result<Trace, Failure> {
    let mut trace = capture::assemble(shapes, program, capture::take(program.number()))
        .map_err(|wrong| Failure::Incomplete(vec![wrong]))?;
    for event in &mut trace.events {
        // What a panic says is anybody's text, and goes to a terminal.
        if let What::Ended(End::Panicked(message)) = &mut event.what {
            *message = visible(&in_words(message));
        }
    }
    Ok(trace)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use shared::{Pace, Pattern};

    use crate::lab::{Arm, Lab, Progress, Round, Settings};
    use crate::pair::pair;

    #[test]
    fn what_is_timed_has_neither_noise_nor_a_counter() {
        let settings =
            Settings { pace: Pace::ZERO, runs: 1, seed: 5, log: None, timeout: Duration::from_secs(1) };
        let lab = Lab::new(settings, Progress::hidden());
        let pair = pair(Pattern::Semaphore);
        for arm in Arm::DEFAULT {
            let timed = lab.timed(&pair, arm, Pace::ZERO);
            assert_eq!((timed.noise, timed.watched, timed.seed), (None, false, 5));
            let rounds = Round::first(2, pair.problem(), &lab.settings);
            let round = &rounds[1];
            let judged = lab.judged(&pair, arm, round);
            assert_eq!((judged.noise, judged.watched), (round.noise(), true));
            assert!(judged.noise.is_some() && judged.meeting.is_some() && timed.meeting.is_none());
        }
    }
}
