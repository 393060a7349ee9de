// Lines of text that name a row (articles/records.py): suggests, while one types, what the admin's
// own search finds. Works for rows that are added later, too: it listens on the page.
const PAUSE = 250; // milliseconds
const timers = new WeakMap();

document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.suggestions) return;
  clearTimeout(timers.get(target));
  timers.set(target, setTimeout(() => suggest(target), PAUSE));
});

async function suggest(input) {
  const term = input.value.trim();
  if (term.length < 2 || / · /.test(term)) return;
  const answer = await fetch(`${input.dataset.suggestions}&term=${encodeURIComponent(term)}`);
  if (!answer.ok) return;
  const { results } = await answer.json();
  const list = listOf(input);
  list.replaceChildren(
    ...results.map(({ id, text }) => Object.assign(document.createElement("option"), {
      value: `${id} · ${text}`,
    })),
  );
}

function listOf(input) {
  if (input.list) return input.list;
  const list = document.createElement("datalist");
  list.id = `${input.id}-suggestions`;
  input.after(list);
  input.setAttribute("list", list.id);
  return list;
}
