// Searches as you type and loads as you scroll. Without it, the form and the
// link to the next page do the same.

import { ask, isAsking, stop } from "./ask.js";

const form = document.querySelector("form");
const input = form.elements.q;
const status = document.querySelector("#status");
const samples = document.querySelector("#samples");
const table = document.querySelector("#found");
const more = document.querySelector("#more");
const template = document.querySelector("#row");

/** Long enough for a quick typist's next letter, too short to notice. */
const PAUSE = 150;

let timer;

/** Asks, and hands the results to `use`; null if that failed. */
async function askFor(query, start, use) {
  table.setAttribute("aria-busy", "true");
  const answer = await ask(query, start);
  // The mark, and the status, belong to the later question.
  if (answer === null) return;
  table.removeAttribute("aria-busy");
  use(answer.results ?? null);
  if (answer.failure) status.textContent = answer.failure;
}

/** Returns a row of the table. Text stays text: nothing here is markup. */
function row({ char, name, code }) {
  const row = template.content.cloneNode(true);
  row.querySelector("bdi").textContent = char;
  row.querySelector("th").textContent = name;
  row.querySelector("tr").lastElementChild.textContent = code;
  return row;
}

function show({ total, stop, chars }, query) {
  table.tBodies[0].append(...chars.map(row));
  table.hidden = total === 0;
  more.hidden = stop >= total;
  more.href = `/?${new URLSearchParams({ q: query, start: stop })}`;
  watch();
}

function clear() {
  table.tBodies[0].replaceChildren();
  table.hidden = more.hidden = true;
}

function count(total) {
  if (total === 0) return "No character has all these words.";
  return total === 1 ? "1 character" : `${total} characters`;
}

function search() {
  clearTimeout(timer);
  const query = input.value.trim();
  // The same test as the server's: is there a letter or a digit?
  const asked = /[\p{Alphabetic}\p{N}]/u.test(query);
  document.title = asked ? `${query} · Character finder` : "Character finder";
  samples.hidden = asked;
  if (!asked) {
    stop();
    table.removeAttribute("aria-busy");
    status.textContent = "";
    clear();
    return;
  }
  askFor(query, 0, (results) => {
    // Even if that failed: these rows are not what was asked for.
    clear();
    if (results === null) return;
    show(results, query);
    status.textContent = count(results.total);
  });
}

function address() {
  const query = input.value.trim();
  return query ? `/?${new URLSearchParams({ q: query })}` : "/";
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    history.replaceState(null, "", address());
    search();
  }, PAUSE);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  history.pushState(null, "", address());
  search();
});

window.addEventListener("popstate", () => {
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  search();
});

/** The next results, beneath those that are there. */
function next() {
  // While a search is under way, what is shown is about to be replaced.
  if (more.hidden || isAsking()) return;
  const parameters = new URL(more.href).searchParams;
  const query = parameters.get("q");
  askFor(query, parameters.get("start"), (results) => {
    if (results === null) return;
    show(results, query);
    status.textContent = `${results.stop} of ${count(results.total)}`;
  });
}

more.addEventListener("click", (event) => {
  event.preventDefault();
  next();
});

// Some screenfuls before the end, so that it seldom comes into sight.
const sight = new IntersectionObserver(
  (entries) => {
    if (entries.some((entry) => entry.isIntersecting)) next();
  },
  { rootMargin: "1000px" },
);

/** Looks again: only a change is reported, and what is still in sight after
 * one page needs another. */
function watch() {
  sight.unobserve(more);
  sight.observe(more);
}

watch();

// Typed before this script was there to hear of it.
if (input.value !== input.defaultValue) {
  history.replaceState(null, "", address());
  search();
}

// A slash is on the way to the search box, as in many pages.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target === input) return;
  event.preventDefault();
  input.select();
});
