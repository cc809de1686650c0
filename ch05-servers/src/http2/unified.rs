//! The section `http2`, built as if another crate had asked for HTTP/2.

fn main() {
    ch05_servers::http2::demo();
}
