//! One thing after the other, in a thread.

use std::time::Duration;

use shared::introduction::sequential::{Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::pause;

/// Prints the numbers, then the letters.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    main.says(Step::Started);
    let numbers = print_numbers(main, plan.numbers, plan.interval);
    let letters = print_letters(main, &plan.letters, plan.interval);
    main.says(Step::Finished);
    Outcome { numbers, letters }
}

/// Prints so many numbers and returns how many that were.
pub(super) fn print_numbers(actor: &Actor, count: usize, interval: Duration) -> usize {
    let mut printed = 0;
    for value in 0..count {
        pause(actor, interval);
        actor.says(Step::Number { value });
        printed += 1;
    }
    printed
}

/// Prints these letters and returns how many they were.
pub(super) fn print_letters(actor: &Actor, letters: &str, interval: Duration) -> usize {
    let mut printed = 0;
    for letter in letters.chars() {
        pause(actor, interval);
        actor.says(Step::Letter { letter });
        printed += 1;
    }
    printed
}
