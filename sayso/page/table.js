// Tables with a search, filters and sortable columns.

const ROWS = 100;

function order(columns, state) {
  const column = columns.find((each) => each.name === state.sort);
  if (!column) return (one, other) => one - other;
  return (one, other) => {
    const [a, b] = [column.sort(one), column.sort(other)];
    if (a === b) return one - other;
    if (a === null || a === undefined) return 1;
    if (b === null || b === undefined) return -1;
    const by = typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b;
    return (state.down ? -by : by) || one - other;
  };
}

function arrows() {
  return s(
    "svg",
    { viewBox: "0 0 10 12", "aria-hidden": "true", class: "order" },
    s("path", { class: "up", d: "M5 0l4 4.6H1z" }),
    s("path", { class: "down", d: "M5 12L1 7.4h8z" }),
  );
}

/** The head of a column; a button in it sorts by the column, or turns the order round. */
function columnHead(column, state, sorted) {
  const props = { scope: "col", role: "columnheader", class: column.class };
  if (!column.sort) return h("th", props, column.label);
  const click = () => {
    state.down = state.sort === column.name ? !state.down : !column.text;
    state.sort = column.name;
    sorted(`Sorted by ${column.label.toLowerCase()}, ${direction(column, state)}`);
  };
  return h("th", props, h("button", { type: "button", click }, column.label, arrows()));
}

function direction(column, state) {
  if (state.sort !== column.name) return "none";
  return state.down ? "descending" : "ascending";
}

function tableRow(columns, row) {
  const cells = columns.map((column, place) => {
    const props = place
      ? { role: "cell", "data-label": column.label }
      : { role: "rowheader", scope: "row" };
    return h(place ? "td" : "th", { ...props, class: column.class }, column.cell(row));
  });
  return h("tr", { role: "row" }, cells);
}

/**
 * A table of rows.
 *
 * columns: `name`, `label`, `cell(row)`, and `sort(row)` (a number or text) where it can be sorted;
 * `text` marks those that begin with A, the others begin with the most. The first names the row.
 * `sort` names the column that it begins with; without, rows stay in their order.
 */
function listing({ key, noun, rows, columns, search, filters = [], caption, sort }) {
  const state = memory(key, { sort });
  const body = h("tbody", { role: "rowgroup" });
  const pieces = new Pieces({
    state,
    rows,
    noun,
    size: ROWS,
    body,
    draw: (row) => tableRow(columns, row),
    text: search,
    keeps: (row) =>
      filters.every(({ name, keeps }) => !state.filters[name] || keeps(row, state.filters[name])),
    order: order(columns, state),
  });
  const heads = columns.map((column) => columnHead(column, state, sorted));
  function sorted(told) {
    pieces.order = order(columns, state);
    columns.forEach((column, place) => {
      if (column.sort) heads[place].setAttribute("aria-sort", direction(column, state));
    });
    if (told) pieces.changed(told);
    else pieces.refresh();
  }
  sorted();
  const tools = [
    searchBox(`Search ${noun}s`, state, pieces.changed),
    filters.map((filter) => chooser(filter, state, pieces.changed)),
  ];
  const table = h(
    "table",
    { class: "listing", role: "table" },
    h("caption", { class: "unseen" }, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
    body,
  );
  return h(
    "div",
    null,
    h("div", { class: "tools", role: "search" }, tools),
    pieces.found,
    table,
    pieces.more,
  );
}
