//! Two things at once, in two threads.

pub mod idiom;

use std::thread;

use shared::Stage;
use shared::introduction::concurrent::{Outcome, Plan, Step};

use super::sequential::{print_letters, print_numbers};
use crate::{Perform as _, join};

/// Prints the numbers and the letters at the same time.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let Plan { numbers, letters, interval } = plan;
    let main = stage.main();
    main.says(Step::Started);

    let printing_numbers = thread::spawn(
        stage.actor("numbers", 1).perform(move |actor| print_numbers(&actor, numbers, interval)),
    );
    let printing_letters = thread::spawn(
        stage.actor("letters", 1).perform(move |actor| print_letters(&actor, &letters, interval)),
    );
    let numbers = join(printing_numbers);
    let letters = join(printing_letters);

    main.says(Step::Finished);
    Outcome { numbers, letters }
}
