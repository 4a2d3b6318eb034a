//! What things cost is measured, and told. In a program of its own, because for a moment it has as many threads as there
//! can be.

use serde_json::Value;

mod program;

use program::{assert_refused, json, run, text};

#[test]
fn what_a_thread_and_a_task_cost_is_measured_and_told() {
    let costs = json(&run(&["cost", "--arms", "threads,tasks:1", "--format", "json"]));
    let carriers = costs["carriers"].as_array().expect("a list");
    let names: Vec<&Value> = carriers.iter().map(|of| &of["carrier"]).collect();
    assert_eq!(names, ["threads", "tasks:1", "blocking pool"]);
    let positive = |value: &Value| value.as_f64().is_some_and(|value| value > 0.0);
    for of in carriers {
        let does_all = of["carrier"] != "blocking pool";
        for unit in ["spawn_alone", "spawn_more", "give_way", "wake", "hand_over"] {
            let is_due = does_all || unit.starts_with("spawn");
            assert_eq!(positive(&of[unit]["median_ns"]), is_due, "{unit}: {of}");
        }
        assert_eq!(of["late"].as_array().map(Vec::len), Some(if does_all { 4 } else { 0 }), "{of}");
        if cfg!(target_os = "linux") {
            assert!(positive(&of["memory"]["resident"]) && positive(&of["stop"]["count"]), "{of}");
        }
    }
    // One that waits takes thousands of bytes as a thread, and hundreds as a task.
    let resident = |place: usize| carriers[place]["memory"]["resident"].as_f64().unwrap_or_default();
    assert!(resident(0) > 5.0 * resident(1) || !cfg!(target_os = "linux"), "{carriers:?}");

    // One after the other: while there are as many threads as there can be, there is room for no other call.
    let output = run(&["cost", "--arms", "tasks:1", "--format", "markdown"]);
    let printed = text(&output.stdout);
    assert!(printed.contains("\n| | tasks:1 | blocking pool |\n"), "{printed}");
    assert!(printed.contains("\n| start and join one alone | "), "{printed}");
    assert_refused(&run(&["cost", "--arms", "green"]), 2, "there is no arm \"green\"");
}
