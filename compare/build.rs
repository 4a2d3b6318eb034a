//! Notes with what the program is built, so that a measurement can say so.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let rustc = env::var_os("RUSTC").expect("cargo says which compiler it uses");
    let version = Command::new(rustc).arg("--version").output().ok().filter(|output| output.status.success());
    let version = version.and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    println!("cargo:rustc-env=COMPARE_RUSTC={}", version.trim());

    let of = |name| env::var(name).unwrap_or_default();
    println!("cargo:rustc-env=COMPARE_PROFILE={}, opt-level {}", of("PROFILE"), of("OPT_LEVEL"));
}
