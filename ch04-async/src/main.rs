//! The tour of chapter 4.

use std::process::ExitCode;

use ch04_async::clock::on_clock;
use ch04_async::*;
use tour::{Tour, plain, section, with_options};

/// Why memory is weighed on Linux only.
const NO_PROC: &str = "It reads a process's memory from /proc.";

fn main() -> ExitCode {
    tour::main(&Tour {
        package: env!("CARGO_PKG_NAME"),
        title: "Async: many waits, few threads",
        next: "cargo run -p ch05-servers",
        sections: &[
            section!(day, hello, plain(hello::demo)),
            section!(core, inert, on_clock(inert::demo)),
            section!(core, spawn, on_clock(spawn::demo)),
            section!(day, join, on_clock(join::demo)),
            section!(core, countdowns, on_clock(countdowns::demo)),
            section!(day, select, on_clock(select::demo)),
            section!(core, timeout, on_clock(timeout::demo)),
            section!(day, blocking, plain(blocking::demo)),
            section!(day, http_get, plain(http_get::demo)),
            section!(core, flags, with_options(flags::program)),
            section!(day, semaphore, on_clock(semaphore::demo)),
            section!(core, channels, on_clock(channels::demo)),
            section!(core, spinner, with_options(spinner::cli::program)),
            section!(day, cancel, on_clock(cancel::demo)),
            section!(core, cancel_safety, on_clock(cancel_safety::demo)),
            section!(
                core,
                cleanup,
                on_clock(cleanup::demo)
                    .not_on("windows", "Its child is `cat`, of Unix.")
            ),
            section!(day, join_set, on_clock(join_set::demo)),
            section!(core, combinators, on_clock(combinators::demo)),
            section!(core, async_mutex, plain(async_mutex::demo)),
            section!(core, send_futures, plain(send_futures::demo)),
            section!(core, future, plain(future::demo)),
            section!(core, poll, plain(poll::demo)),
            section!(core, waker, plain(waker::demo)),
            section!(core, block_on, with_options(block_on::cli::program)),
            section!(core, timer, plain(timer::demo)),
            section!(core, executor, with_options(executor::cli::program)),
            section!(core, state_machine, plain(state_machine::demo)),
            section!(core, pin, plain(pin::demo)),
            section!(core, join_by_hand, plain(join_by_hand::demo)),
            section!(core, runtimes, plain(runtimes::demo)),
            section!(core, async_recap, with_options(async_recap::program)),
            section!(
                deeper,
                throughput,
                with_options(throughput::cli::program)
            ),
            section!(deeper, unawaited_save, plain(unawaited_save::demo)),
            section!(deeper, callbacks, on_clock(callbacks::demo)),
            section!(deeper, streams, on_clock(streams::demo)),
            section!(deeper, merge, on_clock(merge::demo)),
            section!(deeper, async_traits, plain(async_traits::demo)),
            section!(deeper, bridging, plain(bridging::demo)),
            section!(deeper, context, plain(context::demo)),
            section!(deeper, stuck, on_clock(stuck::demo)),
            section!(deeper, nap, plain(nap::demo)),
            section!(deeper, watchdog, plain(watchdog::demo)),
            section!(deeper, eight_points, on_clock(eight_points::demo)),
            section!(deeper, unfinished, on_clock(unfinished::demo)),
            section!(deeper, futurelock, on_clock(futurelock::demo)),
            section!(deeper, sticky, plain(sticky::demo)),
            section!(deeper, animals, with_options(animals::cli::program)),
            section!(deeper, shell, with_options(shell::cli::program)),
            section!(deeper, latency, plain(latency::demo)),
            section!(
                deeper,
                memory,
                with_options(memory::program)
                    .not_on("windows", NO_PROC)
                    .not_on("macos", NO_PROC)
            ),
            section!(deeper, crowd, on_clock(crowd::demo)),
            section!(deeper, panic, with_options(panic::cli::program)),
            section!(deeper, colour, plain(colour::demo)),
        ],
    })
}
