// Asks the server one question at a time. The answer to an earlier question is
// dropped: what is shown is what was asked for last.

/** The request whose answer is awaited, if there is one. */
let asking = null;

/** Says whether an answer is awaited. */
export const isAsking = () => asking !== null;

/** Gives up on the answer that is awaited. */
export function stop() {
  asking?.abort();
  asking = null;
}

/** Asks for the results of `query` from `start` on. Returns them or a failure,
 * or null if another question was asked meanwhile. */
export async function ask(query, start) {
  stop();
  const mine = new AbortController();
  asking = mine;
  // URLSearchParams encodes what was typed: &, #, %, + and all.
  const parameters = new URLSearchParams({ q: query, start });
  let answer;
  try {
    const { signal } = mine;
    const response = await fetch(`/search?${parameters}`, { signal });
    if (!response.ok) throw new Error(`the server says ${response.status}`);
    answer = { results: await response.json() };
  } catch (error) {
    answer = { failure: `${error}` };
  }
  if (mine !== asking) return null;
  asking = null;
  return answer;
}
