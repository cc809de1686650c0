//! A reader's file and its check, which the runner names.

include!(env!("EXERCISE_MODULES"));

fn main() -> std::process::ExitCode {
    exercise_harness::main(EXERCISES)
}
