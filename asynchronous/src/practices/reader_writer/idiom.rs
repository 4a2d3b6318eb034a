//! Many readers or one writer: tokio's lock is fair. Who comes after a writer that waits, waits behind it.

use futures::future;
use shared::practices::reader_writer::{EARLY, Outcome, Plan};
use tokio::sync::RwLock;
use tokio::{join, time};

/// Lets a writer in after the first readers, and one more reader after it.
pub async fn idiom(plan: &Plan) -> Outcome {
    let value = RwLock::new(0);
    let read = async || {
        let value = value.read().await;
        time::sleep(plan.inside).await;
        *value
    };
    let write = async {
        let mut value = value.write().await;
        time::sleep(plan.inside).await;
        *value = plan.written;
    };
    // They come in this order: `join!` polls them so for the first time, and who has to wait is in the queue then.
    let (mut read, (), late) = join!(biased; future::join_all([(); EARLY].map(|()| read())), write, read());
    read.push(late);
    // The cell plays it twice, with two locks. Here is one, and what was read is the answer for both.
    Outcome { overtaking: read.clone(), fair: read }
}
