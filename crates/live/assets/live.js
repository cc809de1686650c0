// The live book: runs, edits and checks what a page shows. The server puts this
// script into each page as it serves it.
(() => {
    const { root, page } = document.currentScript.dataset;
    const api = (what) => `${root}_live/${what}`;
    const query = (values) => new URLSearchParams({ page, ...values });

    const make = (name, values = {}, ...children) => {
        const { className = "", ...rest } = values;
        const element = Object.assign(document.createElement(name), rest);
        element.className = className;
        element.append(...children);
        return element;
    };
    // Elsewhere in mdBook, keys turn the page.
    const keepKeys = (element) => {
        element.addEventListener("keydown", (event) => event.stopPropagation());
        return element;
    };
    const button = (text, onclick, className = "") =>
        make("button", { type: "button", className: `live-button ${className}`, onclick }, text);

    // ---- the server ----------------------------------------------------

    const gone = make("p", { className: "live-gone", hidden: true });
    gone.setAttribute("role", "alert");
    gone.textContent = "The live server has ended. The page stays readable; "
        + "cargo xtask book --live starts a new one, with a new address. "
        + "Your saved edits are kept.";
    const isGone = (is) => { gone.hidden = !is; };

    const ask = async (method, what, body) => {
        let answer;
        try {
            answer = await fetch(api(what), {
                method,
                headers: body ? { "Content-Type": "application/json" } : {},
                body: body && JSON.stringify({ page, ...body }),
            });
        } catch {
            isGone(true);
            throw new Error("the live server does not answer");
        }
        if (answer.ok) return answer;
        if (answer.status === 413) throw new Error("the edit is too big: 1 MiB is the most");
        const text = await answer.text();
        let why = text;
        try { why = JSON.parse(text).why; } catch { /* It is plain text. */ }
        throw Object.assign(new Error(why), { status: answer.status });
    };

    // Reads the events of an answer as they come.
    async function* events(answer) {
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = "";
        for (;;) {
            let read;
            try { read = await reader.read(); } catch { return; }
            if (read.done) return;
            const parts = (rest + read.value).split("\n\n");
            rest = parts.pop();
            for (const part of parts) {
                const data = part.split("\n").filter((line) => line.startsWith("data: "))
                    .map((line) => line.slice(6)).join("\n");
                if (data) yield data;
            }
        }
    }

    // ---- rustc's colours -----------------------------------------------

    // A terminal's colours as classes, text as text.
    const coloured = (text) => {
        const out = document.createDocumentFragment();
        let classes = new Set();
        for (const [i, part] of text.split(/\x1b\[([\d;]*)m/).entries()) {
            if (i % 2 === 0) {
                if (part) out.append(make("span", { className: [...classes].join(" ") }, part));
                continue;
            }
            const codes = part.split(";").map(Number);
            for (let at = 0; at < codes.length; at += 1) {
                const code = codes[at];
                const colour = (n) => {
                    classes = new Set([...classes].filter((name) => !name.startsWith("ansi-c")));
                    classes.add(`ansi-c${n % 8}`);
                };
                if (code === 0) classes = new Set();
                else if (code === 1) classes.add("ansi-bold");
                else if (code === 4) classes.add("ansi-under");
                else if (code >= 30 && code <= 37) colour(code - 30);
                else if (code >= 90 && code <= 97) colour(code - 90);
                else if (code === 38 && codes[at + 1] === 5) { colour(codes[at + 2]); at += 2; }
            }
        }
        return out;
    };

    // ---- what runs -----------------------------------------------------

    // Buttons and a place for what happens. `start` says which request begins it.
    const panel = (label, start, { before = async () => {}, heard = () => {} } = {}) => {
        const run = button(label, () => go(), "live-run");
        const stop = button("Stop", () => {
            if (id !== undefined) ask("POST", "stop", { id }).catch(() => {});
        });
        stop.disabled = true;
        const state = make("span", { className: "live-state" });
        state.setAttribute("aria-live", "polite");
        const bar = make("div", { className: "live-bar" }, run, stop, state);
        const screen = make("pre", { className: "live-out", hidden: true, tabIndex: 0 });
        screen.setAttribute("role", "group");
        screen.setAttribute("aria-label", "What your run prints");
        const aside = make("pre", { className: "live-err", tabIndex: 0 });
        const folded = make("details", { className: "live-aside", hidden: true, open: true },
            make("summary", {}, "stderr"), aside);
        const compiler = make("pre", { className: "live-compiler", hidden: true, tabIndex: 0 });
        const verdict = make("p", { className: "live-verdict", hidden: true });
        verdict.setAttribute("role", "status");
        const all = keepKeys(make("div", { className: "live-panel" }, bar, compiler, screen, folded, verdict));
        let id;

        const show = (element, text) => {
            element.hidden = false;
            element.append(text);
        };
        const end = (text, kind) => {
            verdict.className = `live-verdict live-${kind}`;
            verdict.textContent = text;
            verdict.hidden = false;
        };
        const hear = (event) => {
            heard(event);
            switch (event.what) {
            case "started": id = event.id; break;
            case "build": state.textContent = event.line.trim(); break;
            case "diagnostic": show(compiler, coloured(event.rendered)); break;
            case "out": state.textContent = ""; show(screen, event.text); break;
            case "err": state.textContent = ""; folded.hidden = false; aside.append(event.text); break;
            case "screen": state.textContent = ""; screen.hidden = false; screen.textContent = event.text; break;
            case "end": {
                const took = event.took ? ` (${(event.took / 1000).toFixed(2)} s)` : "";
                const kind = { true: "kept", false: "broken" }[event.kept] ?? "plain";
                end(event.verdict + took, kind);
            }
            }
        };
        const go = async () => {
            if (run.disabled) return;
            run.disabled = true;
            stop.disabled = false;
            for (const element of [screen, aside, compiler]) element.textContent = "";
            for (const element of [screen, folded, compiler, verdict]) element.hidden = true;
            state.textContent = "…";
            let ended = false;
            try {
                await before();
                const [what, body] = start();
                for await (const data of events(await ask("POST", what, body))) {
                    const event = JSON.parse(data);
                    ended ||= event.what === "end";
                    hear(event);
                }
                if (!ended) {
                    isGone(true);
                    end("the live server has ended, and the run with it", "broken");
                }
            } catch (why) {
                end(why.message, "broken");
            }
            state.textContent = "";
            id = undefined;
            run.disabled = false;
            stop.disabled = true;
        };
        return { all, bar, run, go, screen };
    };

    // ---- outcomes ------------------------------------------------------

    // Adds the reader's own runs to the chart of the same command.
    const addOutcomes = (command, yours) => {
        const tables = [...document.querySelectorAll("figure.outcomes table")];
        const table = tables.find((t) => t.querySelector("caption code")?.textContent === command);
        if (!table || !yours) return;
        const folded = table.closest("details");
        if (folded) folded.open = true;
        const runs = Object.values(yours).reduce((a, b) => a + b, 0);
        const head = table.querySelector("thead tr");
        let cell = head.querySelector(".live-yours");
        if (!cell) cell = head.appendChild(make("th", { className: "live-yours" }));
        cell.textContent = `yours: ${runs} ${runs === 1 ? "run" : "runs"}`;
        const left = new Map(Object.entries(yours));
        const fill = (row, count) => {
            row.querySelector("td.live-yours")?.remove();
            const bar = make("span", { className: "bar" });
            bar.style.setProperty("--of", `${count / runs * 100}%`);
            const td = make("td", { className: "live-yours" }, bar, String(count));
            td.dataset.of = `of ${runs}: yours`;
            row.append(td);
        };
        const others = [];
        for (const row of table.querySelectorAll("tbody tr")) {
            const shows = row.querySelector("th code")?.textContent;
            if (shows === undefined) { others.push(row); continue; }
            fill(row, left.get(shows) ?? 0);
            left.delete(shows);
        }
        const rest = [...left.values()].reduce((a, b) => a + b, 0);
        let row = others[0];
        if (!row && rest > 0) {
            row = make("tr", {}, make("th", { scope: "row" }, "others"));
            const columns = head.children.length - 2;
            for (let i = 0; i < columns; i += 1) row.append(make("td", {}, "0"));
            table.tBodies[0].append(row);
        }
        if (row) fill(row, rest);
    };

    // ---- editors -------------------------------------------------------

    const load = (name) => new Promise((done, failed) => {
        document.head.append(make("script", {
            src: api(name),
            onload: done,
            onerror: () => failed(new Error("the editor does not load")),
        }));
    });
    let loading;
    const ace = () => {
        loading ??= load("ace.js").then(() => Promise.all([load("mode-rust.js"), load("mode-python.js")]));
        return loading.then(() => window.ace);
    };
    const isDark = () => ["navy", "coal", "ayu"].some((name) => document.documentElement.classList.contains(name));

    // An editor on a text that the server keeps. `store` reads, saves, resets.
    const editor = async (title, language, store, parts) => {
        const host = make("div", { className: "live-editor" });
        const says = make("span", { className: "live-saved" });
        says.setAttribute("aria-live", "polite");
        const head = make("div", { className: "live-head" }, make("code", {}, title), says);
        const box = keepKeys(make("section", { className: "live-box" }, head, host, ...parts));
        box.setAttribute("aria-label", `Editor of ${title}`);
        const [lib, first] = await Promise.all([ace(), store.read()]);
        let { version } = first;
        const edit = lib.edit(host, {
            mode: `ace/mode/${language}`,
            value: first.text,
            minLines: 6,
            maxLines: 28,
            fontSize: "14px",
            showPrintMargin: false,
            useWorker: false,
            useSoftTabs: true,
            enableKeyboardAccessibility: true,
            scrollPastEnd: 0,
        });
        edit.session.getUndoManager().reset();
        const say = (text, isError = false) => {
            says.textContent = text;
            says.classList.toggle("live-broken", isError);
        };
        const told = (copy) => {
            version = copy.version;
            if (copy.stale) {
                say("the book's file has changed since you began: keep your change as a patch, then reset", true);
            } else {
                say(copy.edited ? "changed, and kept" : "");
            }
            store.told?.(copy);
        };
        told(first);
        let timer = 0;
        let saving = Promise.resolve();
        const save = () => {
            clearTimeout(timer);
            timer = 0;
            saving = saving.catch(() => {}).then(async () => {
                const text = edit.getValue();
                if (text === saved) return;
                try {
                    told(await store.save(text, version));
                    saved = text;
                } catch (why) {
                    say(why.message, true);
                    throw why;
                }
            });
            return saving;
        };
        let saved = first.text;
        const set = (copy) => {
            saved = copy.text;
            edit.setValue(copy.text, -1);
            clearTimeout(timer);
            told(copy);
        };
        edit.session.on("change", () => {
            edit.session.clearAnnotations();
            clearTimeout(timer);
            timer = setTimeout(() => save().catch(() => {}), 400);
        });
        addEventListener("pagehide", () => { if (timer) save().catch(() => {}); });
        const goTo = (line) => {
            edit.resize();
            edit.gotoLine(line, 0, false);
            edit.scrollToLine(Math.max(line - 4, 0), false, false);
            edit.focus();
            box.scrollIntoView({ block: "nearest" });
        };
        // The compiler's words stand at their lines.
        const mark = (line, column, level, text) => {
            edit.session.setAnnotations([...edit.session.getAnnotations(), {
                row: line - 1,
                column: column - 1,
                type: level === "error" ? "error" : "warning",
                text,
            }]);
        };
        // One line stands out: the one of a step.
        let marked;
        const light = (line) => {
            if (marked !== undefined) edit.session.removeMarker(marked);
            marked = undefined;
            if (!line) return;
            const { Range } = lib.require("ace/range");
            marked = edit.session.addMarker(new Range(line - 1, 0, line - 1, 1), "live-step", "fullLine");
            edit.scrollToLine(line - 1, true, false);
        };
        const bind = (run) => edit.commands.addCommand({
            name: "run",
            bindKey: { win: "Ctrl-Enter", mac: "Command-Enter" },
            exec: run,
        });
        return { box, edit, save, set, goTo, mark, light, say, bind, clear: () => edit.session.clearAnnotations() };
    };

    // ---- listings ------------------------------------------------------

    const FILES = /(?:^|\/)files\/(.+)\.html#L(\d+)$/;
    const listings = [...document.querySelectorAll("figure.listing")].flatMap((figure) => {
        const link = figure.querySelector("figcaption a");
        const [, file, line] = FILES.exec(link?.getAttribute("href") ?? "") ?? [];
        return file ? [{ figure, file, line: Number(line), code: figure.querySelector("pre code")?.textContent ?? "" }] : [];
    });
    const figures = [...document.querySelectorAll("figure.run, figure.terminal")].flatMap((figure) => {
        const run = figure.querySelector("samp[data-run]")?.dataset.run;
        return run ? [{ figure, run }] : [];
    });
    const isBehind = (a, b) => Boolean(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);
    const editors = new Map();

    // The runs that a file has a part in, the next one on the page first.
    const runsOf = (file, figure, runs) => {
        const folder = file.slice(0, file.lastIndexOf("/"));
        const isOf = ({ run }) => {
            const command = runs[run]?.command;
            if (!command || runs[run].missing) return false;
            return file.endsWith(".py")
                ? command.includes(file)
                : !command.startsWith("python3 ") && (run.startsWith(`${folder}/`) || run.split("/")[0] === file.split("/")[0]);
        };
        const isNamed = ({ run }) => {
            const example = /--example (\S+)/.exec(runs[run].command)?.[1];
            const refused = file.includes("refused");
            return refused === Boolean(example && runs[run].command.startsWith("cargo check"));
        };
        const of = figures.filter(isOf);
        const fit = of.filter(isNamed);
        const list = fit.length ? fit : of;
        const later = list.filter((f) => isBehind(figure, f.figure));
        const order = [...later, ...list.filter((f) => !later.includes(f))];
        return [...new Set(order.map((f) => f.run))];
    };

    const openListing = async (listing, shown, line = listing.line) => {
        const { file, figure } = listing;
        const home = figure.closest(".pair") ?? figure;
        const known = editors.get(file);
        if (known) {
            const it = await known;
            home.after(it.box);
            it.goTo(line);
            return it;
        }
        const opening = (async () => {
            const runs = runsOf(file, figure, shown.runs);
            const select = make("select");
            select.setAttribute("aria-label", "What to run");
            for (const run of runs) {
                select.append(make("option", { value: run }, shown.runs[run].command));
            }
            const diff = make("pre", { className: "live-diff", hidden: true, tabIndex: 0 });
            let it;
            const runner = panel("Run", () => ["run", { run: select.value }], {
                before: async () => { it.clear(); await it.save(); },
                heard: (event) => {
                    if (event.what === "diagnostic" && event.file === file) {
                        it.mark(event.line, event.column, event.level, event.message);
                    }
                },
            });
            if (runs.length) runner.run.after(select);
            else runner.run.disabled = true;
            const store = {
                read: async () => (await ask("GET", `file?${query({ file })}`)).json(),
                save: async (text, version) => (await ask("PUT", "file", { file, text, version })).json(),
                told: (copy) => listings.filter((l) => l.file === file).forEach((l) => badge(l, copy)),
            };
            const showDiff = async () => {
                await it.save().catch(() => {});
                const text = await (await ask("GET", `diff?${query({ file })}`)).text();
                diff.replaceChildren(...(text || "nothing is changed\n").split("\n").map((row) => make("span", {
                    className: { "+": "live-added", "-": "live-removed", "@": "live-place" }[row[0]] ?? "",
                }, `${row}\n`)));
                diff.hidden = false;
            };
            const keep = async () => {
                await it.save().catch(() => {});
                const { path } = await (await ask("POST", "keep", { file })).json();
                it.say(`kept as ${path}`);
            };
            const reset = async () => {
                if (!confirm(`Give up your changes of ${file}?`)) return;
                it.set(await (await ask("DELETE", `file?${query({ file })}`)).json());
                diff.hidden = true;
            };
            const tell = (what) => () => what().catch((why) => it.say(why.message, true));
            runner.bar.append(
                button("Show what I changed", tell(showDiff)),
                button("Keep", tell(keep)),
                button("Reset", tell(reset)),
                button("Close", async () => {
                    await it.save().catch(() => {});
                    it.box.remove();
                }),
            );
            it = await editor(file, file.endsWith(".py") ? "python" : file.endsWith(".rs") ? "rust" : "text", store, [runner.all, diff]);
            it.bind(runner.go);
            // What the first run would have to wait for is built meanwhile.
            it.prepare = async () => {
                if (!runs.length || !file.endsWith(".rs")) return;
                const answer = await ask("POST", "prepare", { run: select.value }).catch(() => {});
                if (answer) for await (const event of events(answer)) void event;
            };
            return it;
        })();
        editors.set(file, opening);
        try {
            const it = await opening;
            home.after(it.box);
            it.edit.setTheme("ace/theme/textmate");
            it.box.classList.toggle("live-dark", isDark());
            it.goTo(line);
            it.prepare();
            return it;
        } catch (why) {
            editors.delete(file);
            throw why;
        }
    };

    const badge = (listing, { edited, stale }) => {
        const open = listing.figure.querySelector(".live-edit");
        if (!open) return;
        open.textContent = edited ? "Edit (changed)" : "Edit";
        open.classList.toggle("live-changed", edited);
        open.title = stale ? "the book's file has changed since" : "";
    };

    // ---- try this ------------------------------------------------------

    // The listing that a task is about: the one that defines a name of it.
    const meant = (task, code) => {
        const names = [...task.querySelectorAll("code")].filter((c) => !c.closest("details"))
            .map((c) => c.textContent.replace(/[^\w].*$/s, "")).filter(Boolean);
        const at = (listing, pattern) => {
            const row = listing.code.split("\n").findIndex((text) => pattern.test(text));
            return row < 0 ? undefined : { listing, line: listing.line + row };
        };
        for (const kind of ["(?:fn|struct|enum|impl|const|static|def|class|mod|trait) +NAME\\b", "\\bNAME\\b"]) {
            for (const name of names) {
                for (const listing of code) {
                    const found = at(listing, new RegExp(kind.replace("NAME", name)));
                    if (found) return found;
                }
            }
        }
        return code[0] && { listing: code[0], line: code[0].line };
    };

    const tryThis = (shown) => {
        const heading = document.getElementById("try-this");
        if (!heading) return;
        const ofChapter = listings.filter(({ file }) => file in shown.files);
        const rust = ofChapter.filter(({ file }) => file.endsWith(".rs"));
        const code = [...rust, ...ofChapter.filter((l) => !rust.includes(l))];
        for (let next = heading.nextElementSibling; next && !/^H[12]$/.test(next.tagName); next = next.nextElementSibling) {
            const tasks = /^[OU]L$/.test(next.tagName) ? [...next.children] : [];
            for (const task of tasks) {
                const it = meant(task, code);
                if (!it) continue;
                const open = button("Try it", () => {
                    openListing(it.listing, shown, it.line).catch((why) => alert(why.message));
                }, "live-try");
                open.title = `opens ${it.listing.file} at line ${it.line}`;
                const answer = task.querySelector("details");
                if (answer) answer.before(open);
                else task.append(" ", open);
            }
        }
    };

    // ---- schedules -----------------------------------------------------

    const schedules = (shown) => {
        let figure = document.querySelector("figure.schedules");
        if (!figure || !shown.schedules) return;
        const script = [...document.scripts].find((s) => /\/stepper-?[^/]*\.js$/.test(s.src));
        const explorer = panel("Explore", () => ["explore", {}], {
            before: async () => {
                for (const it of editors.values()) await (await it).save();
            },
            heard: (event) => {
                if (event.what !== "schedules") return;
                const parsed = new DOMParser().parseFromString(event.html, "text/html");
                const drawn = document.adoptNode(parsed.querySelector("figure.schedules"));
                // The page's own links lead from the book's root.
                figure.replaceWith(drawn);
                drawn.dataset.name = `${drawn.dataset.name}`;
                drawn.append(explorer.all);
                figure = drawn;
                // It begins with whatever figures the page has.
                if (script) document.head.append(make("script", { src: script.src }));
            },
        });
        explorer.run.title = "Run all schedules of the listing as you have edited it";
        figure.append(explorer.all);
    };

    // ---- exercises -----------------------------------------------------

    // Steps through the schedule or trace that a check has printed, a row a
    // step; the line of code that takes the step stands out in the editor.
    const stepper = (screen, it) => {
        const rows = screen.textContent.split("\n");
        const steps = rows.flatMap((row, i) => (/^ {1,3}\d+ {2,}\S/.test(row) ? [i] : []));
        if (!steps.length) return undefined;
        screen.replaceChildren(...rows.map((row) => make("span", {}, `${row}\n`)));
        const slider = make("input", { type: "range", min: 0, max: steps.length - 1, value: 0 });
        slider.setAttribute("aria-label", "Step");
        const now = make("span", { className: "live-state" });
        now.setAttribute("aria-live", "polite");
        const show = (n) => {
            slider.value = Math.min(Math.max(n, 0), steps.length - 1);
            const at = steps[slider.valueAsNumber];
            [...screen.children].forEach((row, i) => row.classList.toggle("live-current", i === at));
            const row = screen.children[at];
            screen.scrollTop = row.offsetTop - screen.offsetTop - screen.clientHeight / 2;
            it.light(Number(/\s(\d+): /.exec(rows[at])?.[1] ?? 0));
            now.textContent = `${slider.valueAsNumber + 1} of ${steps.length}: ${rows[at].trim().split(/ {2,}/).slice(1, 3).join(" ")}`;
            slider.setAttribute("aria-valuetext", now.textContent);
        };
        slider.addEventListener("input", () => show(slider.valueAsNumber));
        const back = button("◀", () => show(slider.valueAsNumber - 1));
        const on = button("▶", () => show(slider.valueAsNumber + 1));
        back.setAttribute("aria-label", "One step back");
        on.setAttribute("aria-label", "One step on");
        show(0);
        return make("div", { className: "live-bar live-steps" }, back, slider, on, now);
    };

    const exercise = async () => {
        const main = document.querySelector("main");
        const stub = main.querySelector("figure.listing");
        const read = async () => (await ask("GET", `exercise?${query({})}`)).json();
        const now = await read();
        let it;
        const state = make("span", { className: "live-solved" });
        const told = (practice) => {
            state.textContent = practice.solved ? "solved" : practice.begun ? "begun" : "";
        };
        // `--> exercises/yours/ch01/visitors.rs:12:5`, below what is wrong.
        const places = (text) => {
            const pattern = /^(error|warning)[^\n]*\n\s*--> ([^\n:]+):(\d+):(\d+)/gm;
            for (const [all, level, file, line, column] of text.matchAll(pattern)) {
                if (file === now.file) it.mark(Number(line), Number(column), level, all.split("\n")[0]);
            }
        };
        let says = "";
        let steps;
        const checker = panel("Check", () => ["check", {}], {
            before: async () => {
                says = "";
                steps?.remove();
                it.light(0);
                it.clear();
                await it.save();
            },
            heard: async (event) => {
                if (event.what === "err") says += event.text;
                if (event.what !== "end") return;
                places(says);
                steps = stepper(checker.screen, it);
                if (steps) checker.screen.before(steps);
                told(await read());
                progress();
            },
        });
        const hints = make("ol", { className: "live-hints" });
        const hint = button("Next hint", async () => {
            try {
                showHints(await (await ask("POST", "hint", {})).json());
            } catch (why) { it.say(why.message, true); }
        });
        const showHints = (practice) => {
            hints.replaceChildren(...practice.hints.map((text) => make("li", {}, ...text.split("`")
                .map((part, i) => (i % 2 ? make("code", {}, part) : part)))));
            const left = practice.of_hints - practice.hints.length;
            hint.textContent = left ? `Next hint (${left} left)` : "No more hints";
            hint.disabled = left === 0;
        };
        const answer = make("pre", { className: "live-solution", hidden: true, tabIndex: 0 });
        const solution = button("Solution", async () => {
            if (!confirm("Show a right answer? You can still write your own.")) return;
            answer.textContent = await (await ask("POST", "solution", {})).text();
            answer.hidden = false;
        });
        const reset = button("Reset", async () => {
            if (!confirm("Begin with the stub again? Your file is kept beside the new one.")) return;
            try {
                const fresh = await (await ask("DELETE", `exercise?${query({})}`)).json();
                it.set(fresh);
                told(fresh);
            } catch (why) { it.say(why.message, true); }
        });
        checker.bar.append(hint, solution, reset, state);
        it = await editor(now.file, "rust", {
            read: async () => now,
            save: async (text, version) => (await ask("PUT", "exercise", { text, version })).json(),
            told: (practice) => told(practice),
        }, [checker.all, hints, answer]);
        it.bind(checker.go);
        showHints(now);
        told(now);
        const progressLine = make("p", { className: "live-progress" });
        stub.before(it.box, progressLine);
        stub.replaceWith(make("details", {}, make("summary", {}, "The stub"), stub.cloneNode(true)));
        const progress = async () => {
            const all = await (await ask("GET", "exercises")).json();
            const solved = all.filter((e) => e.solved).length;
            progressLine.replaceChildren(`${solved} of ${all.length} exercises solved. `,
                make("a", { href: `${root}exercises/${now.path.split("/")[0]}/index.html` }, "All of this chapter"));
        };
        await progress();
    };

    // The list of a chapter's exercises says how far one is, over all chapters.
    const exerciseList = async () => {
        if (!/^exercises\/.*index\.html$/.test(page)) return;
        const all = await (await ask("GET", "exercises")).json();
        const table = make("table", {}, make("thead", {}, make("tr", {},
            make("th", {}, "exercise"), make("th", {}, "what to do"), make("th", {}, "you"))));
        const body = table.createTBody();
        for (const { path, title, begun, solved } of all) {
            const state = solved ? "solved" : begun ? "begun" : "";
            body.append(make("tr", {},
                make("td", {}, make("a", { href: `${root}exercises/${path}.html` }, make("code", {}, path))),
                make("td", {}, title),
                make("td", { className: `live-${state || "plain"}` }, state)));
        }
        const solved = all.filter((e) => e.solved).length;
        document.querySelector("main").append(
            make("h2", { id: "live-progress" }, "Your progress"),
            make("p", { className: "live-progress" }, `${solved} of ${all.length} solved`),
            make("div", { className: "table-wrapper" }, table));
    };

    // ---- the page ------------------------------------------------------

    const begin = async () => {
        document.querySelector("main")?.prepend(gone);
        listen();
        const shown = await (await ask("GET", `page?${query({})}`)).json();
        for (const { figure, run } of figures) {
            const what = shown.runs[run];
            if (!what) continue;
            const runner = panel("Run", () => ["run", { run }], {
                before: async () => {
                    for (const it of editors.values()) await (await it).save();
                },
                heard: (event) => {
                    if (event.what === "end") addOutcomes(what.command, event.yours);
                },
            });
            if (what.missing) {
                runner.run.disabled = true;
                runner.bar.append(make("span", { className: "live-state" }, what.missing));
            }
            const caption = figure.querySelector("figcaption");
            if (caption) caption.before(runner.all);
            else figure.append(runner.all);
        }
        for (const listing of listings) {
            const copy = shown.files[listing.file];
            if (!copy || shown.exercise) continue;
            const open = button("Edit", () => {
                openListing(listing, shown).catch((why) => alert(why.message));
            }, "live-edit");
            listing.figure.querySelector("figcaption").append(" ", open);
            badge(listing, copy);
        }
        tryThis(shown);
        schedules(shown);
        if (shown.exercise) await exercise();
        await exerciseList();
        document.documentElement.classList.add("live-ready");
    };

    // Hears of changes of the checkout, and that the server has ended.
    const listen = async () => {
        try {
            const heard = await fetch(api("changes"));
            for await (const path of events(heard)) {
                const it = await editors.get(path);
                it?.say("the book's file has changed on disk: reload to see it", true);
            }
        } catch { /* It is gone, as below. */ }
        isGone(true);
    };
    // A page that is left, not a server that is gone.
    addEventListener("pagehide", () => gone.remove());

    begin().catch((why) => {
        gone.textContent = `The live book cannot be used on this page: ${why.message}`;
        gone.hidden = false;
    });
})();
