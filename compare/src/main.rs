//! The command line of the laboratory; everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    compare::commands::main(compare::pair::pair).into()
}
