//! The tour of chapter 2.

use std::process::ExitCode;

use ch02_processes::child::with_child;
use ch02_processes::*;
use tour::{Tour, section, with_options};

fn main() -> ExitCode {
    tour::main(&Tour {
        package: env!("CARGO_PKG_NAME"),
        title: "Processes: many memories, and pipes between them",
        next: "cargo run -p ch03-generators",
        sections: &[
            section!(day, spinner, with_options(spinner::cli::program)),
            section!(day, kill, with_options(kill::cli::program)),
            section!(day, full_pipe, with_options(full_pipe::cli::program)),
            section!(day, worker, with_options(worker::cli::program)),
            section!(day, framing, with_child(framing::demo, framing::child)),
            section!(day, primes, with_options(primes::cli::program)),
            section!(day, pool, with_options(pool::program)),
            section!(
                day,
                lost_results,
                with_child(lost_results::demo, lost_results::child)
            ),
            section!(day, crash, with_options(crash::cli::program)),
            section!(core, costs, with_child(costs::demo, costs::child)),
            section!(
                core,
                processes_recap,
                with_child(processes_recap::demo, processes_recap::child)
            ),
            section!(
                deeper,
                gone_too_soon,
                with_options(gone_too_soon::cli::program)
            ),
            section!(deeper, stage, with_child(stage::demo, stage::child)),
            section!(deeper, tables, with_options(tables::cli::program)),
            section!(
                deeper,
                shared_memory,
                with_child(shared_memory::demo, shared_memory::child)
                    .not_on("windows", "vm-memory does not unmap files there.")
            ),
            section!(
                deeper,
                wrong_tool,
                with_child(wrong_tool::demo, wrong_tool::child)
            ),
            section!(deeper, queue, with_options(queue::program)),
        ],
    })
}
