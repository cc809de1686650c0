//! Runs a program on the facility, and writes down what happens.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex};

use ch03_generators::coroutine::*;

use super::program::{Catch, Kind};

/// Most lines of a trace that are kept.
pub const MOST: usize = 300;

/// One of Python's two error classes in `prelude.py`.
#[derive(Clone, Debug)]
struct Oops(String);

impl fmt::Display for Oops {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Oops {}

fn make(kind: Kind) -> Raised {
    match kind {
        Kind::A(n) => Oops(format!("A{n}")).into(),
        Kind::B(n) => Oops(format!("B{n}")).into(),
        Kind::Exit => Raised::Exit,
        Kind::Stop => Misuse::Finished.into(),
    }
}

/// Makes the same error again: Python's `raise` may be met more than once.
fn again(raised: &Raised) -> Raised {
    match (raised.misuse(), raised.downcast_ref::<Oops>()) {
        (Some(misuse), _) => misuse.into(),
        (_, Some(oops)) => oops.clone().into(),
        _ => Raised::Exit,
    }
}

fn name(raised: &Raised) -> String {
    match raised.misuse() {
        Some(Misuse::Finished) => "finished".to_string(),
        Some(Misuse::RaisedFinished) => "stop inside".to_string(),
        Some(Misuse::IgnoredExit) => "ignored exit".to_string(),
        Some(Misuse::AlreadyExecuting) => "already executing".to_string(),
        Some(Misuse::Unprimed) => "unprimed".to_string(),
        Some(Misuse::SendUnsupported) => "cannot send".to_string(),
        _ => raised.to_string(),
    }
}

fn catches(catch: Catch, raised: &Raised) -> bool {
    let oops = |letter| {
        let oops = raised.downcast_ref::<Oops>();
        oops.is_some_and(|oops| oops.0.starts_with(letter))
    };
    match catch {
        Catch::A => oops('A'),
        Catch::B => oops('B'),
        Catch::Stop => raised.misuse() == Some(Misuse::Finished),
        Catch::Any => !matches!(raised, Raised::Exit),
        Catch::Exit => matches!(raised, Raised::Exit),
        Catch::All => true,
    }
}

/// How a block was left, if not by an error.
enum Flow {
    Normal,
    Break,
    Continue,
    Return(i32),
}

fn text(value: Option<i32>) -> String {
    value.map_or("None".to_string(), |n| n.to_string())
}

/// Writes an interpreter for one kind of coroutine.
///
/// The two kinds differ in whether their bodies have to be `Send`, which no
/// generic parameter can say of a boxed future.
macro_rules! interpreter {
    ($kind:ident, $co:ty, $coroutine:ty, $handle:ty, $($send:tt)*) => {
        pub mod $kind {
            use std::pin::Pin;

            use super::super::program::*;
            use super::*;

            type Running<'f, T> = Pin<
                Box<dyn Future<Output = Result<T, Raised>> + $($send)* 'f>
            >;

            struct World {
                program: Arc<Program>,
                objects: Mutex<Vec<Option<$handle>>>,
                said: Mutex<Vec<String>>,
            }

            impl World {
                fn say(&self, what: impl fmt::Display) {
                    let mut said = self.said.lock().unwrap();
                    if said.len() < MOST {
                        said.push(what.to_string());
                    }
                }

                fn take(&self, object: usize) -> Option<$handle> {
                    let handle = self.objects.lock().unwrap()[object].clone();
                    if handle.is_none() {
                        self.say(format!("{object} is gone"));
                    }
                    handle
                }

                fn remove(&self, object: usize) {
                    let handle = self.objects.lock().unwrap()[object].take();
                    match handle {
                        None => self.say(format!("{object} is gone")),
                        Some(handle) => {
                            self.say(format!("{object} dropped"));
                            drop(handle);
                        }
                    }
                }

                fn state(&self, object: usize) {
                    let Some(handle) = self.take(object) else { return };
                    self.say(match handle.state() {
                        State::Created => "created",
                        State::Running => "running",
                        State::Suspended => "suspended",
                        State::Finished => "finished",
                    });
                }

                /// Resumes an object, says what came of it, and returns what
                /// `propagate` is to raise.
                fn resume(&self, object: usize, op: Op) -> Option<Raised> {
                    let mut handle = self.take(object)?;
                    let step = match op {
                        Op::Next => handle.next(),
                        Op::Send(n) => handle.send(n),
                        Op::Throw(kind) => handle.throw(make(kind)),
                        Op::Close => match handle.close() {
                            Ok(_) => {
                                self.say(format!("{object} closed"));
                                return None;
                            }
                            Err(raised) => Step::Raised(raised),
                        },
                    };
                    let (what, raised) = match step {
                        Step::Yielded(n) => (format!("yielded {n}"), None),
                        Step::Returned(value) => (
                            format!("returned {}", text(value)),
                            Some(Misuse::Finished.into()),
                        ),
                        Step::Raised(raised) => (
                            match raised.misuse() {
                                Some(Misuse::Finished) => name(&raised),
                                _ => format!("raised {}", name(&raised)),
                            },
                            Some(raised),
                        ),
                    };
                    self.say(format!("{object} {what}"));
                    raised
                }
            }

            fn body(
                world: Arc<World>,
                co: $co,
                number: usize,
            ) -> Running<'static, Option<i32>> {
                Box::pin(async move {
                    let program = world.program.clone();
                    let block = &program.bodies[number];
                    match run(&world, &co, block, None).await? {
                        Flow::Return(n) => Ok(Some(n)),
                        _ => Ok(None),
                    }
                })
            }

            fn run<'f>(
                world: &'f Arc<World>,
                co: &'f $co,
                block: &'f [Stmt],
                handled: Option<&'f Raised>,
            ) -> Running<'f, Flow> {
                Box::pin(async move {
                    for stmt in block {
                        match one(world, co, stmt, handled).await? {
                            Flow::Normal => {}
                            left => return Ok(left),
                        }
                    }
                    Ok(Flow::Normal)
                })
            }

            async fn one(
                world: &Arc<World>,
                co: &$co,
                stmt: &Stmt,
                handled: Option<&Raised>,
            ) -> Result<Flow, Raised> {
                match stmt {
                    Stmt::Say(n) => world.say(n),
                    Stmt::Yield(n) => {
                        let sent = co.yield_(*n).await?;
                        world.say(format!("got {}", text(sent)));
                    }
                    Stmt::Return(n) => return Ok(Flow::Return(*n)),
                    Stmt::Raise(kind) => return Err(make(*kind)),
                    Stmt::Reraise => {
                        return Err(again(handled.expect("in a handler")));
                    }
                    Stmt::Break => return Ok(Flow::Break),
                    Stmt::Continue => return Ok(Flow::Continue),
                    Stmt::Try {
                        body,
                        handlers,
                        finally,
                    } => {
                        let mut end = run(world, co, body, handled).await;
                        if let Err(raised) = &end {
                            let handler = handlers
                                .iter()
                                .find(|(catch, _)| catches(*catch, raised));
                            if let Some((_, block)) = handler {
                                world.say(format!("caught {}", name(raised)));
                                end = run(world, co, block, Some(raised)).await;
                            }
                        }
                        if let Some(block) = finally {
                            world.say("finally");
                            match run(world, co, block, None).await? {
                                Flow::Normal => {}
                                left => return Ok(left),
                            }
                        }
                        return end;
                    }
                    Stmt::Loop(times, block) => {
                        for _ in 0..*times {
                            match run(world, co, block, handled).await? {
                                Flow::Normal | Flow::Continue => {}
                                Flow::Break => break,
                                left => return Ok(left),
                            }
                        }
                    }
                    Stmt::Delegate { owned, body: number } => {
                        let (there, number) = (world.clone(), *number);
                        let value = if *owned {
                            let inner =
                                <$coroutine>::new(|co| body(there, co, number));
                            co.yield_from(inner).await?
                        } else {
                            co.delegate(|co| body(there, co, number)).await?
                        };
                        world.say(format!("value {}", text(value)));
                    }
                    Stmt::DelegateShared(object) => {
                        if let Some(handle) = world.take(*object) {
                            let value = co.yield_from(handle).await?;
                            world.say(format!("value {}", text(value)));
                        }
                    }
                    Stmt::DelegatePlain(items) => {
                        co.yield_all(items.clone()).await?;
                        world.say("value None");
                    }
                    Stmt::Resume {
                        object,
                        op,
                        propagate,
                    } => match world.resume(*object, *op) {
                        Some(raised) if *propagate => return Err(raised),
                        _ => {}
                    },
                    Stmt::For(object, limit, block) => {
                        let Some(mut handle) = world.take(*object) else {
                            return Ok(Flow::Normal);
                        };
                        for (n, item) in handle.items().enumerate() {
                            world.say(format!("item {}", item?));
                            if n == *limit {
                                break;
                            }
                            match run(world, co, block, handled).await? {
                                Flow::Normal | Flow::Continue => {}
                                Flow::Break => break,
                                left => return Ok(left),
                            }
                        }
                    }
                    Stmt::Drop(object) => world.remove(*object),
                    Stmt::State(object) => world.state(*object),
                }
                Ok(Flow::Normal)
            }

            /// Runs a program, and returns its trace.
            pub fn trace(program: &Arc<Program>) -> Vec<String> {
                let world = Arc::new(World {
                    program: program.clone(),
                    objects: Mutex::default(),
                    said: Mutex::default(),
                });
                for number in &program.objects {
                    let (there, number) = (world.clone(), *number);
                    let made = <$coroutine>::new(|co| body(there, co, number));
                    let handle = <$handle>::new(made);
                    world.objects.lock().unwrap().push(Some(handle));
                }
                for stmt in &program.script {
                    match stmt {
                        Stmt::Resume { object, op, .. } => {
                            world.resume(*object, *op);
                        }
                        Stmt::Drop(object) => world.remove(*object),
                        Stmt::State(object) => world.state(*object),
                        _ => unreachable!("a script is no body"),
                    }
                }
                let said = std::mem::take(&mut *world.said.lock().unwrap());
                said
            }
        }
    };
}

interpreter!(
    coroutine,
    Co<'static, i32, i32>,
    Coroutine<'static, i32, i32, Option<i32>>,
    Shared<'static, i32, i32, Option<i32>>,
);

/// A handle to a coroutine that may change threads.
pub struct Handle(Arc<Mutex<Movable<i32, i32, Option<i32>>>>);

impl Clone for Handle {
    fn clone(&self) -> Self {
        Handle(self.0.clone())
    }
}

impl Handle {
    fn new(inner: Movable<i32, i32, Option<i32>>) -> Self {
        Handle(Arc::new(Mutex::new(inner)))
    }

    fn state(&self) -> State {
        match self.0.try_lock() {
            Ok(inner) => inner.state(),
            Err(_) => State::Running,
        }
    }
}

impl Resumable<i32> for Handle {
    type Yield = i32;
    type Return = Option<i32>;

    fn resume(&mut self, how: Resume<i32>) -> Step<i32, Option<i32>> {
        match self.0.try_lock() {
            Ok(mut inner) => inner.resume(how),
            Err(_) => Step::Raised(Misuse::AlreadyExecuting.into()),
        }
    }
}

interpreter!(
    movable,
    MovableCo<i32, i32>,
    Movable<i32, i32, Option<i32>>,
    Handle,
    Send +
);
