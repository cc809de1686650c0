//! How much processor time an echo server takes for a message.
//!
//! cargo bench -p ch03-generators --bench echo_processor

mod load;

use std::io;

fn main() -> io::Result<()> {
    load::compete(measure::bench!("µs"), load::Figure::Processor)
}
