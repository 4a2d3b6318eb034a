//! Steps: what an actor may say, as a type where people write it and as plain numbers everywhere else.
//!
//! This is the ground floor: it knows neither who says a step nor what is made of it.

mod scalar;
mod shape;
mod step;

pub use scalar::{Form, Scalar, Values};
pub use shape::{Field, Said, Shape};
pub use step::{Kind, Step};
