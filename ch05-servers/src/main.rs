//! The tour of chapter 5.

use std::process::ExitCode;

use ch05_servers::echoes::echo_server;
use ch05_servers::*;
use tour::{Tour, plain, section, with_options};

/// Why two sections run on Unix only.
const NO_SHARED_PORT: &str = "Its processes share a port by SO_REUSEPORT.";

fn main() -> ExitCode {
    tour::main(&Tour {
        package: env!("CARGO_PKG_NAME"),
        title: "Servers: one client, many clients, and what they wait for",
        next: "cargo xtask book --open",
        sections: &[
            section!(day, echo_min, plain(echo_min::demo)),
            section!(day, echo, with_options(echo::program::program)),
            section!(day, echo_threads, echo_server(echo_threads::serve)),
            section!(deeper, echo_ready, echo_server(echo_ready::serve)),
            section!(deeper, echo_protocol, echo_server(echo_protocol::serve)),
            section!(day, echo_tokio, echo_server(echo_tokio::serve)),
            section!(deeper, echo_tasks, echo_server(echo_tasks::serve)),
            section!(core, http_min, with_options(http_min::program)),
            section!(day, no_timeouts, plain(no_timeouts::demo)),
            section!(day, long_line, plain(long_line::demo)),
            section!(day, slow_reader, plain(slow_reader::demo)),
            section!(day, too_many, plain(too_many::demo)),
            section!(
                deeper,
                descriptors,
                plain(descriptors::demo)
                    .not_on("windows", "Open files have no limit there.")
            ),
            section!(day, panics, plain(panics::demo)),
            section!(day, stuck_drain, plain(stuck_drain::demo)),
            section!(core, checklist, plain(checklist::demo)),
            section!(deeper, escapes, plain(escapes::demo)),
            section!(
                deeper,
                traversal,
                plain(traversal::demo).not_on(
                    "windows",
                    "A symbolic link needs a privilege there."
                )
            ),
            section!(core, load, with_options(load::program::program)),
            section!(deeper, animals, with_options(animals::program::program)),
            section!(deeper, fib, with_options(fib::program::program)),
            section!(deeper, ordered, plain(ordered::demo)),
            section!(deeper, flags, with_options(flags::program::program)),
            section!(core, finder, with_options(finder::program::program)),
            section!(core, tcp, with_options(tcp::program::program)),
            section!(core, web, with_options(web::program::program)),
            section!(core, heavy_query, plain(heavy_query::demo::demo)),
            section!(
                core,
                servers_recap,
                with_options(servers_recap::cli::program)
            ),
            section!(
                deeper,
                several,
                plain(several::demo).not_on("windows", NO_SHARED_PORT)
            ),
            section!(
                deeper,
                balanced,
                with_options(balanced::program::program)
                    .not_on("windows", NO_SHARED_PORT)
            ),
            section!(deeper, http2, plain(http2::demo)),
            section!(deeper, signs, with_options(signs::program::program)),
            section!(deeper, chaos, with_options(chaos::program::program)),
            section!(deeper, sync, with_options(sync::program::program)),
        ],
    })
}
