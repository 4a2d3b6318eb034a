//! Runs both sides of every pattern and compares how they behave and how long they take.

pub mod archive;
pub mod behaviour;
pub mod campaign;
pub mod capture;
pub mod commands;
pub mod lab;
pub mod pair;
pub mod render;
pub mod report;
pub mod timing;

pub use report::Exit;
