//! The tour of chapter 3.

use std::process::ExitCode;

use ch03_generators::*;
use tour::{Tour, plain, section, with_options};

fn main() -> ExitCode {
    tour::main(&Tour {
        package: env!("CARGO_PKG_NAME"),
        title: "Generators: functions that wait in the middle",
        next: "cargo run -p ch04-async",
        sections: &[
            section!(day, countdown, plain(countdown::demo)),
            section!(day, lazy, plain(lazy::demo)),
            section!(core, suspended_function, plain(suspended_function::demo)),
            section!(day, generator, plain(generator::demo)),
            section!(day, send, plain(send::demo)),
            section!(core, close, plain(close::demo)),
            section!(core, throw, plain(throw::demo)),
            section!(day, returns, plain(returns::demo)),
            section!(core, delegation, plain(delegation::demo)),
            section!(day, pipeline, plain(pipeline::demo)),
            section!(core, push, plain(push::demo)),
            section!(core, launch_pad, with_options(launch_pad::cli::program)),
            section!(day, scheduler, with_options(scheduler::cli::program)),
            section!(
                core,
                generators_recap,
                with_options(generators_recap::program)
            ),
            // The protocol whole.
            section!(deeper, states, plain(states::demo)),
            section!(deeper, reentry, plain(reentry::demo)),
            section!(deeper, mixing, plain(mixing::demo)),
            section!(deeper, context_manager, plain(context_manager::demo)),
            section!(deeper, grouper, plain(grouper::demo)),
            section!(deeper, coroutine, plain(coroutine::demo::demo)),
            section!(deeper, frames, plain(frames::demo)),
            section!(deeper, recursion, plain(recursion::demo)),
            section!(deeper, trampoline, plain(trampoline::demo)),
            section!(deeper, object, plain(object::demo)),
            section!(deeper, events, plain(events::demo)),
            section!(deeper, carriers, with_options(carriers::cli::program)),
            section!(deeper, libraries, plain(libraries::demo)),
            section!(deeper, taxi, with_options(taxi::demo)),
            section!(deeper, by_hand, plain(by_hand::demo)),
            section!(deeper, human, with_options(human::program)),
            // An operating system of generators.
            section!(deeper, system_calls, plain(system_calls::demo)),
            section!(
                deeper,
                task_management,
                with_options(task_management::cli::program)
            ),
            section!(deeper, wait_task, with_options(wait_task::cli::program)),
            section!(deeper, io_wait, with_options(io_wait::cli::program)),
            section!(
                deeper,
                subroutines,
                with_options(subroutines::cli::program)
            ),
            section!(deeper, kernel, plain(kernel::demo::demo)),
            section!(deeper, socket_objects, plain(socket_objects::demo)),
            section!(deeper, echo_server, with_options(echo_server::demo)),
            section!(deeper, task_channels, plain(task_channels::demo)),
            section!(deeper, timers, plain(timers::demo)),
            section!(deeper, offload, plain(offload::demo)),
            section!(deeper, failures, plain(failures::demo)),
            section!(deeper, two_schedulers, plain(two_schedulers::demo)),
        ],
    })
}
