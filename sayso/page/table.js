// Lists that can be searched, filtered and sorted, shown in pieces.

const PIECE = 100;
const kept = new Map();

/** What a list was left as: what is searched, how it is sorted and how much of it is shown. */
function memory(key, start) {
  if (!kept.has(key)) kept.set(key, { query: "", shown: PIECE, filters: {}, ...start });
  return kept.get(key);
}

function searchBox(label, state, changed) {
  const id = fresh("search");
  const box = h("input", {
    type: "search",
    id,
    autocomplete: "off",
    spellcheck: "false",
    input: () => {
      state.query = box.value;
      changed();
    },
  });
  box.value = state.query;
  return h("div", { class: "field grow" }, h("label", { for: id }, label), box);
}

function chooser(label, options, state, name, changed) {
  const id = fresh("filter");
  const box = h(
    "select",
    {
      id,
      change: () => {
        state.filters[name] = box.value;
        changed();
      },
    },
    options.map(([value, text]) => h("option", { value }, text)),
  );
  box.value = state.filters[name] || "";
  return h("div", { class: "field" }, h("label", { for: id }, label), box);
}

/** All words of the search stand in the text. */
function matcher(query) {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return (text) => words.every((word) => text.includes(word));
}

/** A button that shows the next piece of a list, and moves on to its first row. */
function moreButton(noun) {
  const button = h("button", { type: "button", class: "more" });
  return {
    button,
    say(shown, whole) {
      button.hidden = shown >= whole;
      button.textContent = `Show ${count(Math.min(PIECE, whole - shown))} more of ${counted(whole, noun)}`;
    },
  };
}

/**
 * A table with a search, filters and sortable columns.
 *
 * columns: `name`, `label`, `cell(row)`, and `sort(row)` (a number or text) where it can be sorted;
 * `sort` names the one that it begins with; without, rows stay in their order.
 * `text` marks those that begin with A, the others begin with the most. The first one names the row.
 */
function listing({ key, noun, rows, columns, search, filters = [], caption, sort }) {
  const state = memory(key, { sort, down: true });
  const texts = new Map();
  const textOfRow = (row) => {
    if (!texts.has(row)) texts.set(row, folded(search(row)));
    return texts.get(row);
  };
  const body = h("tbody", { role: "rowgroup" });
  const found = h("p", { class: "found" });
  const more = moreButton(noun);
  const heads = columns.map((column) => header(column));
  let now = [];

  function header(column) {
    const props = { scope: "col", role: "columnheader", class: column.class };
    if (!column.sort) return h("th", props, column.label);
    const click = () => {
      state.down = state.sort === column.name ? !state.down : !column.text;
      state.sort = column.name;
      state.shown = PIECE;
      refresh();
      tell(`Sorted by ${column.label.toLowerCase()}, ${state.down ? "descending" : "ascending"}`);
    };
    return h(
      "th",
      props,
      h(
        "button",
        { type: "button", click },
        column.label,
        s(
          "svg",
          { viewBox: "0 0 10 12", "aria-hidden": "true", class: "order" },
          s("path", { class: "up", d: "M5 0l4 4.6H1z" }),
          s("path", { class: "down", d: "M5 12L1 7.4h8z" }),
        ),
      ),
    );
  }

  function compare(one, other) {
    const column = columns.find((each) => each.name === state.sort);
    if (!column) return one - other;
    const [a, b] = [column.sort(one), column.sort(other)];
    if (a === b) return one - other;
    if (a === null || a === undefined) return 1;
    if (b === null || b === undefined) return -1;
    const order = typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b;
    return (state.down ? -order : order) || one - other;
  }

  function line(row) {
    return h(
      "tr",
      { role: "row" },
      columns.map((column, place) =>
        h(
          place ? "td" : "th",
          {
            role: place ? "cell" : "rowheader",
            scope: place ? null : "row",
            class: column.class,
            "data-label": place ? column.label : null,
          },
          column.cell(row),
        ),
      ),
    );
  }

  function refresh() {
    const matches = matcher(state.query);
    now = rows.filter(
      (row) =>
        filters.every(
          (filter) => !state.filters[filter.name] || filter.keeps(row, state.filters[filter.name]),
        ) && matches(textOfRow(row)),
    );
    now.sort(compare);
    columns.forEach((column, place) => {
      if (column.sort)
        heads[place].setAttribute(
          "aria-sort",
          state.sort !== column.name ? "none" : state.down ? "descending" : "ascending",
        );
    });
    body.replaceChildren(...now.slice(0, state.shown).map(line));
    const text =
      now.length === rows.length
        ? counted(rows.length, noun)
        : `${count(now.length)} of ${counted(rows.length, noun)}`;
    found.textContent = now.length ? text : `${text}: nothing matches`;
    more.say(state.shown, now.length);
  }

  function changed() {
    state.shown = PIECE;
    refresh();
    tell(found.textContent);
  }

  more.button.addEventListener("click", () => {
    const start = state.shown;
    state.shown += PIECE;
    body.append(...now.slice(start, state.shown).map(line));
    more.say(state.shown, now.length);
    const next = body.children[start] && body.children[start].querySelector("a, button");
    if (next) next.focus();
  });
  refresh();
  const tools = h(
    "div",
    { class: "tools", role: "search" },
    searchBox(`Search ${noun}s`, state, changed),
    filters.map((filter) => chooser(filter.label, filter.options, state, filter.name, changed)),
  );
  const table = h(
    "table",
    { class: "listing", role: "table" },
    h("caption", { class: "unseen" }, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
    body,
  );
  return h("div", null, tools, found, table, more.button);
}
