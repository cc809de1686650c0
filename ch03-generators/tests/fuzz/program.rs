//! A random program: bodies, the objects made of them, and a script.

use std::fmt::Write;

/// Draws the same numbers from the same seed, on every machine (SplitMix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// What a body raises, or a caller throws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// One of two error types, with a number.
    A(u32),
    B(u32),
    /// `GeneratorExit`.
    Exit,
    /// `StopIteration`: raised by bodies, never thrown at them.
    Stop,
}

/// What a handler catches.
#[derive(Clone, Copy, Debug)]
pub enum Catch {
    A,
    B,
    Stop,
    /// `except Exception`.
    Any,
    Exit,
    /// `except BaseException`.
    All,
}

/// What is done with an object.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    Next,
    Send(i32),
    Throw(Kind),
    Close,
}

#[derive(Clone, Debug)]
pub enum Stmt {
    Say(u32),
    Yield(i32),
    Return(i32),
    Raise(Kind),
    /// A bare `raise`; stands in handlers only.
    Reraise,
    Break,
    Continue,
    Try {
        body: Block,
        handlers: Vec<(Catch, Block)>,
        finally: Option<Block>,
    },
    Loop(usize, Block),
    /// `yield from` a new generator: as a frame, or as an object of its own.
    Delegate {
        owned: bool,
        body: usize,
    },
    DelegateShared(usize),
    DelegatePlain(Vec<i32>),
    Resume {
        object: usize,
        op: Op,
        propagate: bool,
    },
    /// `for … in object`, a limited number of times.
    For(usize, usize, Block),
    Drop(usize),
    State(usize),
}

pub type Block = Vec<Stmt>;

#[derive(Debug)]
pub struct Program {
    pub bodies: Vec<Block>,
    /// Which body each object is made of.
    pub objects: Vec<usize>,
    /// What the caller does; never a yield.
    pub script: Block,
}

/// Where a statement is to stand.
#[derive(Clone, Copy)]
struct Place {
    body: usize,
    depth: usize,
    in_loop: bool,
    in_handler: bool,
}

struct Maker {
    dice: Dice,
    bodies: usize,
    objects: usize,
    said: u32,
}

impl Program {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let bodies = 1 + dice.below(4);
        let objects = 1 + dice.below(4);
        let mut maker = Maker {
            dice,
            bodies,
            objects,
            said: 0,
        };
        let made_of = (0..objects).map(|_| maker.dice.below(bodies)).collect();
        let bodies = (0..bodies)
            .map(|body| {
                maker.block(Place {
                    body,
                    depth: 0,
                    in_loop: false,
                    in_handler: false,
                })
            })
            .collect();
        let length = 4 + maker.dice.below(10);
        let mut script: Block = (0..length).map(|_| maker.step()).collect();
        script.extend((0..objects).map(Stmt::Drop));
        Program {
            bodies,
            objects: made_of,
            script,
        }
    }
}

impl Maker {
    fn step(&mut self) -> Stmt {
        let object = self.dice.below(self.objects);
        match self.dice.below(16) {
            0 => Stmt::Drop(object),
            1 => Stmt::State(object),
            _ => Stmt::Resume {
                object,
                op: self.op(),
                propagate: false,
            },
        }
    }

    fn op(&mut self) -> Op {
        match self.dice.below(10) {
            0..4 => Op::Next,
            4..6 => Op::Send(self.dice.below(100) as i32),
            6..9 => Op::Throw(self.thrown()),
            _ => Op::Close,
        }
    }

    fn thrown(&mut self) -> Kind {
        match self.dice.below(3) {
            0 => Kind::A(self.number()),
            1 => Kind::B(self.number()),
            _ => Kind::Exit,
        }
    }

    fn number(&mut self) -> u32 {
        self.said += 1;
        self.said
    }

    fn block(&mut self, place: Place) -> Block {
        let length = 1 + self.dice.below(4 - place.depth.min(2));
        (0..length).map(|_| self.stmt(place)).collect()
    }

    fn inner(&mut self, place: Place) -> Block {
        self.block(Place {
            depth: place.depth + 1,
            ..place
        })
    }

    fn stmt(&mut self, place: Place) -> Stmt {
        let nests = place.depth < 3;
        match self.dice.below(44) {
            0..3 => Stmt::Say(self.number()),
            3..13 => Stmt::Yield(self.number() as i32),
            13 => Stmt::Return(self.number() as i32),
            14 => match self.dice.below(4) {
                0 => Stmt::Raise(Kind::Stop),
                _ => Stmt::Raise(self.thrown()),
            },
            15 if place.in_handler => Stmt::Reraise,
            16 if place.in_loop => Stmt::Break,
            17 if place.in_loop => Stmt::Continue,
            18..27 if nests => self.attempt(place),
            27..29 if nests => {
                let times = 1 + self.dice.below(3);
                let place = Place {
                    in_loop: true,
                    ..place
                };
                Stmt::Loop(times, self.inner(place))
            }
            // To later bodies only, so that every program ends.
            29..36 if place.body + 1 < self.bodies => {
                let after = self.bodies - place.body - 1;
                Stmt::Delegate {
                    owned: self.dice.below(2) == 0,
                    body: place.body + 1 + self.dice.below(after),
                }
            }
            36..38 => Stmt::DelegateShared(self.dice.below(self.objects)),
            38 => {
                let items = self.dice.below(3);
                let items = (0..items).map(|_| self.number() as i32);
                Stmt::DelegatePlain(items.collect())
            }
            39..41 => Stmt::Resume {
                object: self.dice.below(self.objects),
                op: self.op(),
                propagate: self.dice.below(3) == 0,
            },
            41 if nests => {
                let object = self.dice.below(self.objects);
                let limit = 1 + self.dice.below(3);
                let place = Place {
                    in_loop: true,
                    ..place
                };
                Stmt::For(object, limit, self.inner(place))
            }
            42 => match self.dice.below(2) {
                0 => Stmt::Drop(self.dice.below(self.objects)),
                _ => Stmt::State(self.dice.below(self.objects)),
            },
            _ => Stmt::Yield(self.number() as i32),
        }
    }

    fn attempt(&mut self, place: Place) -> Stmt {
        let body = self.inner(place);
        let mut handlers = Vec::new();
        for _ in 0..self.dice.below(3) {
            let catch = match self.dice.below(12) {
                0..2 => Catch::A,
                2..4 => Catch::B,
                4 => Catch::Stop,
                5..7 => Catch::Any,
                7..10 => Catch::Exit,
                _ => Catch::All,
            };
            let place = Place {
                in_handler: true,
                ..place
            };
            handlers.push((catch, self.inner(place)));
        }
        let finally =
            (handlers.is_empty() || self.dice.below(3) == 0).then(|| {
                // A bare `raise` there would mean whatever is being handled
                // outside: it is left out.
                let place = Place {
                    in_handler: false,
                    ..place
                };
                self.inner(place)
            });
        Stmt::Try {
            body,
            handlers,
            finally,
        }
    }
}

/// Writes programs as Python.
pub struct Python {
    pub text: String,
    names: usize,
}

impl Python {
    pub fn new() -> Self {
        Python {
            text: include_str!("prelude.py").to_string(),
            names: 0,
        }
    }

    /// Adds a program, to be run in its turn.
    pub fn add(&mut self, number: u64, program: &Program) {
        for (body, block) in program.bodies.iter().enumerate() {
            let head = format!("def p{number}_{body}():");
            self.line(0, &head);
            self.line(1, "if False: yield");
            self.block(1, number, block);
        }
        self.line(0, &format!("def p{number}():"));
        self.block(1, number, &program.script);
        let made: Vec<_> = program
            .objects
            .iter()
            .map(|body| format!("p{number}_{body}"))
            .collect();
        let made = made.join(", ");
        self.line(0, &format!("run({number}, p{number}, [{made}])"));
    }

    pub fn end(mut self) -> String {
        self.line(0, "end()");
        self.text
    }

    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.text, "{:depth$}{text}", "");
    }

    fn block(&mut self, depth: usize, number: u64, block: &[Stmt]) {
        for stmt in block {
            self.stmt(depth, number, stmt);
        }
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("g{}", self.names)
    }

    fn stmt(&mut self, depth: usize, number: u64, stmt: &Stmt) {
        match stmt {
            Stmt::Say(n) => self.line(depth, &format!("say({n})")),
            Stmt::Yield(n) => {
                self.line(depth, &format!("r = yield {n}"));
                self.line(depth, "say(f'got {r}')");
            }
            Stmt::Return(n) => self.line(depth, &format!("return {n}")),
            Stmt::Raise(kind) => {
                self.line(depth, &format!("raise {}", raised(*kind)));
            }
            Stmt::Reraise => self.line(depth, "raise"),
            Stmt::Break => self.line(depth, "break"),
            Stmt::Continue => self.line(depth, "continue"),
            Stmt::Try {
                body,
                handlers,
                finally,
            } => {
                self.line(depth, "try:");
                self.block(depth + 1, number, body);
                for (catch, block) in handlers {
                    let class = match catch {
                        Catch::A => "A",
                        Catch::B => "B",
                        Catch::Stop => "StopIteration",
                        Catch::Any => "Exception",
                        Catch::Exit => "GeneratorExit",
                        Catch::All => "BaseException",
                    };
                    self.line(depth, &format!("except {class} as e:"));
                    self.line(depth + 1, "say(f'caught {name(e)}')");
                    self.block(depth + 1, number, block);
                }
                if let Some(block) = finally {
                    self.line(depth, "finally:");
                    self.line(depth + 1, "say('finally')");
                    self.block(depth + 1, number, block);
                }
            }
            Stmt::Loop(times, block) => {
                let name = self.name();
                self.line(depth, &format!("for {name} in range({times}):"));
                self.block(depth + 1, number, block);
            }
            Stmt::Delegate { owned, body } => {
                let name = self.name();
                let made = if *owned { "owned" } else { "frame" };
                self.line(
                    depth,
                    &format!("{name} = {made}(p{number}_{body}())"),
                );
                self.from(depth, &name, "");
            }
            Stmt::DelegateShared(object) => {
                let name = self.name();
                self.line(depth, &format!("{name} = take({object})"));
                self.line(depth, &format!("if {name} is not None:"));
                self.from(depth + 1, &name, "live");
            }
            Stmt::DelegatePlain(items) => {
                self.line(depth, &format!("r = yield from {items:?}"));
                self.line(depth, "say(f'value {r}')");
            }
            Stmt::Resume {
                object,
                op,
                propagate,
            } => {
                let op = match op {
                    Op::Next => "'next', None".to_string(),
                    Op::Send(n) => format!("'send', {n}"),
                    Op::Throw(kind) => format!("'throw', {}", raised(*kind)),
                    Op::Close => "'close', None".to_string(),
                };
                let propagate = if *propagate { "True" } else { "False" };
                self.line(
                    depth,
                    &format!("resume({object}, {op}, {propagate})"),
                );
            }
            Stmt::For(object, limit, block) => {
                let name = self.name().replace('g', "h");
                self.line(depth, &format!("{name} = take({object})"));
                self.line(depth, &format!("if {name} is not None:"));
                self.line(depth + 1, "try:");
                self.line(depth + 2, &format!("{name}n = 0"));
                self.line(depth + 2, &format!("for i in items({name}):"));
                self.line(depth + 3, "say(f'item {i}')");
                self.line(depth + 3, &format!("{name}n += 1"));
                self.line(depth + 3, &format!("if {name}n > {limit}: break"));
                self.block(depth + 3, number, block);
                self.line(depth + 1, "finally:");
                self.line(depth + 2, &format!("release({name})"));
                self.line(depth + 2, &format!("{name} = None"));
            }
            Stmt::Drop(object) => self.line(depth, &format!("drop({object})")),
            Stmt::State(object) => {
                self.line(depth, &format!("state({object})"));
            }
        }
    }

    /// Writes a delegation to what the variable `name` holds.
    fn from(&mut self, depth: usize, name: &str, through: &str) {
        self.line(depth, "try:");
        self.line(depth + 1, &format!("r = yield from {through}({name})"));
        if !through.is_empty() {
            self.line(depth + 1, &format!("ended_here({name})"));
        }
        self.line(depth, "except RuntimeError as e:");
        self.line(depth + 1, &format!("ignored(e, {name})"));
        self.line(depth + 1, "raise");
        self.line(depth, "finally:");
        self.line(depth + 1, &format!("release({name})"));
        self.line(depth, "say(f'value {r}')");
    }
}

fn raised(kind: Kind) -> String {
    match kind {
        Kind::A(n) => format!("A({n})"),
        Kind::B(n) => format!("B({n})"),
        Kind::Exit => "GeneratorExit()".to_string(),
        Kind::Stop => "StopIteration()".to_string(),
    }
}
