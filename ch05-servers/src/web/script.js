// Searches as you type and loads as you scroll. Without it, the form and the
// link to the next page do the same.

const form = document.querySelector("form");
const input = form.elements.q;
const status = document.querySelector("#status");
const samples = document.querySelector("#samples");
const table = document.querySelector("#found");
const more = document.querySelector("#more");
const template = document.querySelector("#row");

/** Long enough for a quick typist's next letter, too short to notice. */
const PAUSE = 150;

/** What is being asked; aborted when something else is. */
let asking = new AbortController();
let timer;

/** Asks for the results of `query` from `start` on; null if that failed. */
async function ask(query, start) {
  asking.abort();
  asking = new AbortController();
  table.setAttribute("aria-busy", "true");
  // URLSearchParams encodes what was typed: &, #, %, + and all.
  const parameters = new URLSearchParams({ q: query, start });
  try {
    const signal = asking.signal;
    const response = await fetch(`/search?${parameters}`, { signal });
    if (!response.ok) throw new Error(`the server says ${response.status}`);
    return await response.json();
  } catch (error) {
    if (error.name !== "AbortError") status.textContent = `${error}`;
    return null;
  } finally {
    table.removeAttribute("aria-busy");
  }
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
}

function clear() {
  table.tBodies[0].replaceChildren();
  table.hidden = more.hidden = true;
}

function count(total) {
  if (total === 0) return "No character has all these words.";
  return total === 1 ? "1 character" : `${total} characters`;
}

async function search() {
  clearTimeout(timer);
  const query = input.value.trim();
  // The same test as the server's: is there a letter or a digit?
  const asked = /[\p{L}\p{N}]/u.test(query);
  document.title = asked ? `${query} · Character finder` : "Character finder";
  samples.hidden = asked;
  if (!asked) {
    asking.abort();
    status.textContent = "";
    clear();
    return;
  }
  const results = await ask(query, 0);
  if (results === null) return;
  clear();
  show(results, query);
  status.textContent = count(results.total);
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
async function next() {
  if (more.hidden || table.hasAttribute("aria-busy")) return;
  const parameters = new URL(more.href).searchParams;
  const query = parameters.get("q");
  const results = await ask(query, parameters.get("start"));
  if (results === null) return;
  show(results, query);
  status.textContent = `${results.stop} of ${count(results.total)}`;
}

more.addEventListener("click", (event) => {
  event.preventDefault();
  next();
});

// Some screenfuls before the end, so that it seldom comes into sight. What is
// still in sight after a page needs another, and only a change is reported.
const sight = new IntersectionObserver(
  async (entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    await next();
    sight.unobserve(more);
    sight.observe(more);
  },
  { rootMargin: "1000px" },
);
sight.observe(more);

// A slash is on the way to the search box, as in many pages.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target === input) return;
  event.preventDefault();
  input.select();
});
