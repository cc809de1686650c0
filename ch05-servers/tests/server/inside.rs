//! A server of this chapter within the test: no program to start, no index to
//! build again, and an end that can be waited for.

use std::net::SocketAddr;
use std::sync::LazyLock;

use ch05_servers::finder::shared::SharedIndex;
use ch05_servers::serve::program::listen;
use ch05_servers::serve::{Ended, Limits};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{At, LIMIT};

/// For all servers of a test program; it ends with the process.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Runtime::new().expect("threads"));

/// The index of all names, which is the slow part of a finder's start.
static INDEX: LazyLock<SharedIndex> = LazyLock::new(|| {
    RUNTIME.block_on(async {
        let index = SharedIndex::start();
        index.ready().await;
        index
    })
});

/// A server within this process; dropping it tells it to end.
pub struct Inside {
    address: SocketAddr,
    shutdown: CancellationToken,
    server: Option<JoinHandle<Ended>>,
}

impl Inside {
    /// Starts a server, which is handed a free port and a whole index.
    pub fn start<Fut>(
        server: impl FnOnce(TcpListener, SharedIndex, CancellationToken) -> Fut,
    ) -> Inside
    where
        Fut: Future<Output = Ended> + Send + 'static,
    {
        let shutdown = CancellationToken::new();
        let listener = {
            let _runtime = RUNTIME.enter();
            listen(([127, 0, 0, 1], 0).into(), false).expect("a port")
        };
        let address = listener.local_addr().expect("it is bound");
        let server = server(listener, INDEX.clone(), shutdown.clone());
        let server = Some(RUNTIME.spawn(server));
        Inside {
            address,
            shutdown,
            server,
        }
    }

    /// Tells it to end.
    pub fn cancel(&self) {
        self.shutdown.cancel();
    }

    /// Tells it to end, and waits for that.
    pub fn stop(mut self) -> Ended {
        self.cancel();
        let server = self.server.take().expect("only `stop` takes it");
        let ended = RUNTIME.block_on(async { timeout(LIMIT, server).await });
        ended.expect("ends in time").expect("does not panic")
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl At for Inside {
    fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Returns the limits that are not about to end anything.
pub fn patient() -> Limits {
    Limits {
        idle: LIMIT,
        header: LIMIT,
        write: LIMIT,
        drain: LIMIT,
        ..Limits::default()
    }
}
