//! The tour of chapter 1.

use std::process::ExitCode;

use ch01_threads::animals::cli::paced;
use ch01_threads::*;
use tour::{Tour, plain, section, with_options};

fn main() -> ExitCode {
    tour::main(&Tour {
        package: env!("CARGO_PKG_NAME"),
        title: "Threads: many hands, one memory",
        next: "cargo run -p ch02-processes",
        sections: &[
            section!(day, spawn, with_options(spawn::cli::program)),
            section!(day, move_closure, plain(move_closure::demo)),
            section!(day, arc, plain(arc::demo)),
            section!(day, mutex, plain(mutex::demo)),
            section!(core, send_sync, plain(send_sync::demo)),
            section!(day, scope, plain(scope::demo)),
            section!(day, channel, plain(channel::demo)),
            section!(day, spinner, with_options(spinner::cli::program)),
            section!(core, stop_flag, plain(stop_flag::demo)),
            section!(core, data_race, plain(data_race::demo)),
            section!(day, lost_update, plain(lost_update::demo)),
            section!(core, animals, paced(animals::demo)),
            section!(core, garbled, paced(garbled::demo)),
            section!(core, locked, paced(locked::demo)),
            section!(core, deadlocked, with_options(deadlocked::cli::program)),
            section!(core, poisoned, paced(poisoned::demo)),
            section!(core, lock_order, with_options(lock_order::cli::program)),
            section!(day, bounded_channel, plain(bounded_channel::demo)),
            section!(core, first_pool, plain(first_pool::demo)),
            section!(day, thread_pool, plain(thread_pool::demo)),
            section!(core, pool_handles, plain(pool_handles::demo)),
            section!(core, primes, with_options(primes::cli::program)),
            section!(
                core,
                threads_recap,
                with_options(threads_recap::cli::program)
            ),
            section!(deeper, condvar, plain(condvar::demo)),
            section!(deeper, rwlock, plain(rwlock::demo)),
            section!(deeper, barrier, plain(barrier::demo)),
            section!(deeper, once, plain(once::demo)),
            section!(deeper, park, plain(park::demo)),
            section!(deeper, thread_local, plain(thread_local::demo)),
            section!(deeper, orderings, plain(orderings::demo)),
            section!(deeper, lifecycle, with_options(lifecycle::cli::program)),
            section!(deeper, busy, with_options(busy::cli::program)),
            section!(deeper, too_many, with_options(too_many::cli::program)),
            section!(
                deeper,
                concurrency,
                with_options(concurrency::cli::program)
            ),
        ],
    })
}
