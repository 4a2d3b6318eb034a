//! Many tasks may read, one may write.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use shared::practices::reader_writer::{EARLY, Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::task::{self, JoinHandle};

use crate::primitives::event::Event;
use crate::primitives::fair_read_write_lock::FairReadWriteLock;
use crate::primitives::read_write_lock::ReadWriteLock;
use crate::primitives::semaphore::Semaphore;
use crate::{Perform as _, join, pause};

/// Plays the scene with the notebook's lock, and with a fair one.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let overtaking = overtaking(&stage, &plan).await;
    let fair = fair(&stage, &plan).await;
    Outcome { overtaking, fair }
}

async fn overtaking(stage: &Stage, plan: &Plan) -> Vec<u64> {
    let (lock, scene) = (Arc::new(ReadWriteLock::new(0)), Arc::new(Scene::new(plan)));
    // Nobody waits for the third reader.
    scene.leave.set();
    let spawn_reader = |number| {
        let (lock, scene) = (Arc::clone(&lock), Arc::clone(&scene));
        task::spawn(stage.actor("reader", number).perform(async move |reader| {
            reader.says(Step::Asking);
            scene.read(&reader, lock.read().await).await
        }))
    };
    let spawn_writer = || {
        let (lock, scene) = (Arc::clone(&lock), Arc::clone(&scene));
        task::spawn(stage.actor("writer", 1).perform(async move |writer| {
            writer.says(Step::Asking);
            scene.write(&writer, lock.write().await).await;
        }))
    };
    // A try to read does not tell: it would only fail while the writer is inside.
    scene.play(stage.main(), spawn_reader, spawn_writer, || true).await
}

async fn fair(stage: &Stage, plan: &Plan) -> Vec<u64> {
    let (lock, scene) = (Arc::new(FairReadWriteLock::new(0)), Arc::new(Scene::new(plan)));
    let spawn_reader = |number| {
        let (lock, scene) = (Arc::clone(&lock), Arc::clone(&scene));
        task::spawn(stage.actor("fair-reader", number).perform(async move |reader| {
            reader.says(Step::Asking);
            scene.read(&reader, lock.read().await).await
        }))
    };
    let spawn_writer = || {
        let (lock, scene) = (Arc::clone(&lock), Arc::clone(&scene));
        task::spawn(stage.actor("fair-writer", 1).perform(async move |writer| {
            writer.says(Step::Asking);
            scene.write(&writer, lock.write().await).await;
        }))
    };
    scene.play(stage.main(), spawn_reader, spawn_writer, || lock.try_read().is_none()).await
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

    /// Starts everybody, one after the other, and says what the readers read.
    async fn play(
        &self,
        main: &Actor,
        spawn_reader: impl Fn(usize) -> JoinHandle<u64>,
        spawn_writer: impl Fn() -> JoinHandle<()>,
        writer_waits: impl Fn() -> bool,
    ) -> Vec<u64> {
        let mut readers = Vec::new();
        for number in 1..=EARLY {
            readers.push(spawn_reader(number));
            self.reading.acquire().await;
            pause(main, self.plan.apart).await;
        }
        let writer = spawn_writer();
        pause(main, self.plan.apart).await;
        while !writer_waits() {
            pause(main, self.plan.apart).await;
        }
        readers.push(spawn_reader(EARLY + 1));
        pause(main, self.plan.apart).await;
        self.leave.set();

        let mut values = Vec::new();
        for reader in readers {
            values.push(join(reader).await);
        }
        join(writer).await;
        values
    }

    async fn read(&self, reader: &Actor, value: impl Deref<Target = u64>) -> u64 {
        reader.says(Step::Reading { value: *value });
        self.reading.release();
        pause(reader, self.plan.inside).await;
        self.leave.wait().await;
        reader.says(Step::DoneReading);
        *value
    }

    async fn write(&self, writer: &Actor, mut value: impl DerefMut<Target = u64>) {
        writer.says(Step::Writing { value: self.plan.written });
        *value = self.plan.written;
        pause(writer, self.plan.inside).await;
        writer.says(Step::DoneWriting);
    }
}
