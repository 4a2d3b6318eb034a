//! Waiting until something holds: a `watch` has the value and its change in one, and no lock to hold while one waits.

use futures::future;
use shared::signals::condition::{Outcome, Plan};
use tokio::sync::watch;
use tokio::{join, time};

/// Lets the consumers wait for the data.
pub async fn idiom(plan: &Plan) -> Outcome {
    let (prepared, data) = watch::channel(None);
    let receive = |mut data: watch::Receiver<Option<String>>| async move {
        let data = data.wait_for(Option::is_some).await.expect("the sender is there");
        data.clone().expect("it was waited for")
    };
    let consumers = future::join_all((0..plan.consumers).map(|_consumer| receive(data.clone())));
    let produce = async {
        for _part in 0..plan.parts {
            time::sleep(plan.preparation).await;
        }
        prepared.send_replace(Some(plan.payload.clone()));
    };
    let (received, ()) = join!(consumers, produce);
    Outcome { received }
}
