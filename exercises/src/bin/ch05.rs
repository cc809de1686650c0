//! The exercises of chapter 5: each stub, reference and wrong solution.

#![allow(
    clippy::duplicate_mod,
    reason = "each solution is checked by the same file"
)]

include!(concat!(env!("OUT_DIR"), "/ch05.rs"));

fn main() -> std::process::ExitCode {
    exercise_harness::main(EXERCISES)
}
