//! Two things at once, in two tasks.

pub mod idiom;

use shared::Stage;
use shared::introduction::concurrent::{Outcome, Plan, Step};
use tokio::task;

use super::sequential::{print_letters, print_numbers};
use crate::{Perform as _, join};

/// Prints the numbers and the letters at the same time.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let Plan { numbers, letters, interval } = plan;
    let main = stage.main();
    main.says(Step::Started);

    let printing_numbers = task::spawn(
        stage.actor("numbers", 1).perform(async move |actor| print_numbers(&actor, numbers, interval).await),
    );
    let printing_letters = task::spawn(
        stage.actor("letters", 1).perform(async move |actor| print_letters(&actor, &letters, interval).await),
    );
    let numbers = join(printing_numbers).await;
    let letters = join(printing_letters).await;

    main.says(Step::Finished);
    Outcome { numbers, letters }
}
