//! Waiting until something holds: `wait_while` has the loop in it, and what it waits for is what the lock guards.

use std::sync::{Condvar, Mutex};
use std::thread;

use shared::signals::condition::{Outcome, Plan};

/// Lets the consumers wait for the data.
pub fn idiom(plan: &Plan) -> Outcome {
    let (data, prepared) = (Mutex::new(None::<String>), Condvar::new());
    let receive = || {
        let data = data.lock().expect("no holder panics");
        let data = prepared.wait_while(data, |data| data.is_none()).expect("no holder panics");
        data.clone().expect("it was waited for")
    };
    thread::scope(|scope| {
        let consumers: Vec<_> = (0..plan.consumers).map(|_| scope.spawn(receive)).collect();
        for _part in 0..plan.parts {
            thread::sleep(plan.preparation);
        }
        *data.lock().expect("no holder panics") = Some(plan.payload.clone());
        prepared.notify_all();
        let received = consumers.into_iter().map(|consumer| consumer.join().expect("it doesn't panic"));
        Outcome { received: received.collect() }
    })
}
