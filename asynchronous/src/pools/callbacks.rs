//! What the handle of a task's job knows, and who calls back.

pub mod idiom;

use std::sync::Arc;

use shared::pools::callbacks::{Outcome, PATIENCE, Plan, Step};
use shared::{Actor, Stage};
use tokio::task;

use crate::pause;
use crate::primitives::event::Event;
use crate::primitives::handle::Handle;
use crate::primitives::pool::Pool;

/// Has itself called back twice: by the worker, and when the job is done already.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let stage = Arc::new(stage);
    let main = stage.main();
    let pool = Pool::of_actors((0..plan.workers).map(|number| stage.actor("worker", number)));
    let [running, looked] = [(); 2].map(|()| Arc::new(Event::new()));
    let job = {
        let (running, looked) = (Arc::clone(&running), Arc::clone(&looked));
        async move |worker: Arc<Actor>| {
            worker.says(Step::Computing { number: plan.number });
            running.set();
            pause(&worker, plan.computing).await;
            looked.wait().await;
            let result = plan.number * plan.number;
            worker.says(Step::Computed { result });
            Computed { result, worker, task: task::id() }
        }
    };
    let handle = pool.submit(job).expect("the pool is open");
    handle.on_done(|computed| {
        let computed = computed.as_ref().expect("squaring never fails");
        computed.call_back(&computed.worker);
    });

    running.wait().await;
    look(main, &handle);
    looked.set();
    let patience = stage.pace().of(plan.computing).unwrap_or_default() + PATIENCE;
    let computed = handle.result_timeout(patience).await.transpose().expect("squaring never fails");
    let result = computed.map(|computed| computed.result);
    if let Some(result) = result {
        main.says(Step::Got { result });
    }
    look(main, &handle);
    let caller = Arc::clone(&stage);
    handle.on_done(move |computed| {
        let computed = computed.as_ref().expect("squaring never fails");
        computed.call_back(caller.main());
    });
    pool.shutdown(true).await;
    Outcome { result }
}

/// What the job returns: the result, and who computed it.
#[derive(Clone)]
struct Computed {
    result: u64,
    worker: Arc<Actor>,
    task: task::Id,
}

impl Computed {
    fn call_back(&self, actor: &Actor) {
        let by_worker = task::try_id() == Some(self.task);
        actor.says(Step::CalledBack { result: self.result, by_worker });
    }
}

fn look<T>(main: &Actor, handle: &Handle<T>) {
    main.says(Step::Looked { running: handle.is_running(), done: handle.is_done() });
}
