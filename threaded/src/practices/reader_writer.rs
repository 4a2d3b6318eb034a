//! Many threads may read, one may write.

pub mod idiom;

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::thread;

use shared::practices::reader_writer::{EARLY, Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::primitives::event::Event;
use crate::primitives::fair_read_write_lock::Fair;
use crate::primitives::read_write_lock::{Policy, PolicyLock, ReaderPreference};
use crate::primitives::semaphore::Semaphore;
use crate::{Perform as _, join, pause};

/// Plays the scene with the notebook's lock, and with a fair one.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let (notebook, fair) = (Scene::new(&plan), Scene::new(&plan));
    // With the notebook's lock, the first readers don't stay until the third has been started; and a try to read
    // doesn't show whether the writer waits: it would only fail while that is inside.
    notebook.leave.set();
    let overtaking = play::<ReaderPreference>(&stage, notebook, ["reader", "writer"], |_| true);
    let fair = play::<Fair>(&stage, fair, ["fair-reader", "fair-writer"], |lock| lock.try_read().is_none());
    Outcome { overtaking, fair }
}

/// Starts everybody, one after the other, and says what the readers read.
fn play<P: Policy + 'static>(
    stage: &Stage,
    scene: Scene,
    [reader, writer]: [&'static str; 2],
    writer_waits: impl Fn(&PolicyLock<u64, P>) -> bool,
) -> Vec<u64> {
    let main = stage.main();
    let (lock, scene) = (Arc::new(PolicyLock::<u64, P>::new(0)), Arc::new(scene));
    let spawn_reader = |number| {
        let (lock, scene) = (Arc::clone(&lock), Arc::clone(&scene));
        thread::spawn(stage.actor(reader, number).perform(move |reader| {
            reader.says(Step::Asking);
            scene.read(&reader, lock.read())
        }))
    };
    let mut readers = Vec::new();
    for number in 1..=EARLY {
        readers.push(spawn_reader(number));
        scene.reading.acquire();
        pause(main, scene.plan.apart);
    }
    let writer = {
        let (lock, scene) = (Arc::clone(&lock), Arc::clone(&scene));
        thread::spawn(stage.actor(writer, 1).perform(move |writer| {
            writer.says(Step::AskingToWrite);
            scene.write(&writer, lock.write());
        }))
    };
    pause(main, scene.plan.apart);
    while !writer_waits(&lock) {
        pause(main, scene.plan.apart);
    }
    readers.push(spawn_reader(EARLY + 1));
    pause(main, scene.plan.apart);
    scene.leave.set();

    let mut values = Vec::new();
    for reader in readers {
        values.push(join(reader));
    }
    join(writer);
    values
}

/// What everybody shares, beside the lock.
struct Scene {
    plan: Plan,
    /// A permit for each reader that came in.
    reading: Semaphore,
    /// Until this is set, readers stay.
    leave: Event,
}

impl Scene {
    fn new(plan: &Plan) -> Self {
        Self { plan: plan.clone(), reading: Semaphore::new(0), leave: Event::new() }
    }

    fn read(&self, reader: &Actor, value: impl Deref<Target = u64>) -> u64 {
        reader.says(Step::Reading { value: *value });
        self.reading.release();
        pause(reader, self.plan.inside);
        self.leave.wait();
        reader.says(Step::DoneReading);
        *value
    }

    fn write(&self, writer: &Actor, mut value: impl DerefMut<Target = u64>) {
        writer.says(Step::Writing { value: self.plan.written });
        *value = self.plan.written;
        pause(writer, self.plan.inside);
        writer.says(Step::DoneWriting);
    }
}
