//! Tasks that wait for sockets: woken, killed, closed, in equal turns.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
#[cfg(unix)]
use std::time::{Duration, Instant};

use ch03_generators::coroutine::{Except, Raised};
use ch03_generators::kernel::{Failure, Listener, Os, Simulator, Stream};
use ch03_generators::socket_objects::echo;

use super::{Guard, run};

fn listen(os: &Os) -> io::Result<Listener> {
    os.listen(([127, 0, 0, 1], 0).into())
}

/// Two ends of one connection.
async fn pair(os: &Os) -> Result<(Stream, Stream), Raised> {
    let listener = listen(os)?;
    let near = os.connect(listener.address()?).await?;
    Ok((near, listener.accept(os).await?))
}

#[test]
fn a_task_killed_at_a_socket_is_gone_and_so_is_its_socket() {
    run(|os| async move {
        let (near, far) = pair(&os).await?;
        let dropped = Rc::new(Cell::new(0));
        let guard = Guard(dropped.clone());
        let reader = os
            .spawn(|os| async move {
                let _guard = guard;
                near.recv(&os, &mut [0]).await.map(|_| ())
            })
            .await?;
        // Each other task has a turn, and so comes to its socket.
        os.pause().await?;
        assert!(os.kill(reader).await?);
        let waited = os.wait(reader).await.except::<Failure>()?;
        assert!(matches!(waited, Err(Failure::Killed)));
        assert_eq!(dropped.get(), 1);
        // Its socket is closed: the other side has the end of the stream.
        assert_eq!(far.recv(&os, &mut [0]).await?, 0);
        Ok(())
    });
}

#[test]
fn a_task_that_waits_for_a_closed_socket_gets_an_error() {
    run(|os| async move {
        let (near, _far) = pair(&os).await?;
        let theirs = near.clone();
        let reader = os
            .spawn(|os| async move {
                let read = theirs.recv(&os, &mut [0]).await;
                let error = read.except::<io::Error>()?.unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::NotConnected);
                Ok(())
            })
            .await?;
        os.pause().await?;
        near.close();
        assert!(os.wait(reader).await?);
        Ok(())
    });
}

#[test]
fn three_tasks_that_wait_for_one_socket_are_each_served() {
    run(|os| async move {
        let (near, far) = pair(&os).await?;
        let served = Rc::new(Cell::new(0));
        let mut readers = vec![];
        for _ in 0..3 {
            let (near, served) = (near.clone(), served.clone());
            let reader = move |os: Os| async move {
                assert_eq!(near.recv(&os, &mut [0]).await?, 1);
                served.set(served.get() + 1);
                Ok(())
            };
            readers.push(os.spawn(reader).await?);
        }
        os.pause().await?;
        // All are woken by the first byte, and two find nothing.
        far.send(&os, b"x").await?;
        while served.get() == 0 {
            os.pause().await?;
        }
        far.send(&os, b"xx").await?;
        for reader in readers {
            os.wait(reader).await?;
        }
        Ok(())
    });
}

#[cfg(unix)]
#[test]
fn a_thousand_waiting_tasks_take_no_processor_time() {
    run(|os| async move {
        let listener = Rc::new(listen(&os)?);
        let mut waiting = vec![];
        for n in 0..1000 {
            let listener = listener.clone();
            let body = move |os: Os| async move {
                match n % 2 {
                    0 => listener.accept(&os).await.map(|_| ()),
                    _ => os.sleep(Duration::MAX).await,
                }
            };
            waiting.push(os.spawn(body).await?);
        }
        let (before, start) = (super::processor_time(), Instant::now());
        os.sleep(Duration::from_secs(3)).await?;
        let used = super::processor_time() - before;
        assert!(start.elapsed() >= Duration::from_secs(3), "woken early");
        assert!(used <= Duration::from_millis(30), "{used:?}");
        for tid in waiting {
            os.kill(tid).await?;
        }
        Ok(())
    });
}

/// A turn takes a microsecond: a client that waits for three hundred of them
/// does not notice.
#[test]
fn beside_a_task_that_never_waits_a_hundred_clients_are_served() {
    run(|os| async move {
        let turns = Rc::new(Cell::new(0_u64));
        let spinning = turns.clone();
        let spinner = os
            .spawn(|os| async move {
                loop {
                    spinning.set(spinning.get() + 1);
                    os.pause().await?;
                }
            })
            .await?;
        let listener = listen(&os)?;
        let address = listener.address()?;
        let server = os
            .spawn(|os| async move {
                loop {
                    let client = listener.accept(&os).await?;
                    os.detach(|os| async move {
                        echo(os, client).await.map(|_| ())
                    })
                    .await?;
                }
            })
            .await?;
        let waits = Rc::new(std::cell::RefCell::new(vec![]));
        let mut clients = vec![];
        for _ in 0..100 {
            let (turns, waits) = (turns.clone(), waits.clone());
            let client = move |os: Os| async move {
                let stream = os.connect(address).await?;
                for _ in 0..10 {
                    let before = turns.get();
                    stream.send(&os, b"hello").await?;
                    assert_eq!(stream.recv(&os, &mut [0; 8]).await?, 5);
                    waits.borrow_mut().push(turns.get() - before);
                }
                Ok(())
            };
            clients.push(os.spawn(client).await?);
        }
        for client in clients {
            os.wait(client).await?;
        }
        os.kill(spinner).await?;
        os.kill(server).await?;
        let mut waits = waits.take();
        waits.sort();
        assert!(waits[989] <= 300, "{:?}", &waits[985..]);
        Ok(())
    });
}

#[test]
fn a_connection_that_is_refused_is_an_error_of_its_task() {
    run(|os| async move {
        let address = listen(&os)?.address()?;
        let connected = os.connect(address).await.except::<io::Error>()?;
        let error = connected.err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        Ok(())
    });
}

#[test]
fn a_simulation_has_no_network() {
    let mut simulator = Simulator::new(0);
    simulator.spawn(|os| async move {
        let error = listen(&os).err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::Unsupported);
        Ok(())
    });
    simulator.on_unseen(|_, failure| panic!("{failure}"));
    simulator.run().unwrap();
}
