//! Six clients at once, and how long each waits for its answer.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use ch05_servers::animals::program::run as serve;
use ch05_servers::animals::{ANIMALS, Api, How};
use ch05_servers::serve::Limits;
use tokio_util::sync::CancellationToken;

use crate::Done;
use crate::trace::Trace;

const DELAY: Duration = Duration::from_millis(100);
const CLIENTS: usize = 6;

pub fn run(how: How) -> Done {
    let api = Api::new(DELAY, 100);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    let token = stop.clone();
    let server = thread::spawn(move || {
        serve(how, api, listener, Limits::default(), token)
    });
    let trace = Trace::start("real");
    let together = Barrier::new(CLIENTS);
    let answers: Vec<_> = thread::scope(|scope| {
        let ask = |animal| {
            let (trace, together) = (&trace, &together);
            move || {
                trace.tell(animal, "waits", "for the answer");
                together.wait();
                let answer = ask(address, animal);
                trace.tell(animal, "ends", "");
                answer
            }
        };
        let animals = ANIMALS.iter().take(CLIENTS).map(|(animal, _)| *animal);
        let asked: Vec<_> = animals.map(|a| scope.spawn(ask(a))).collect();
        asked.into_iter().map(|asked| asked.join()).collect()
    });
    stop.cancel();
    server.join().map_err(|_| "the server panicked")??;
    for answer in answers {
        let answer = answer.map_err(|_| "a client panicked")??;
        if !answer.starts_with("HTTP/1.1 200 ") {
            return Err(answer.into());
        }
    }
    Ok(())
}

fn ask(address: SocketAddr, animal: &str) -> io::Result<String> {
    let mut client = TcpStream::connect(address)?;
    client.set_read_timeout(Some(Duration::from_secs(60)))?;
    write!(
        client,
        "GET /animals/{animal} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    client.read_to_string(&mut answer)?;
    Ok(answer)
}
