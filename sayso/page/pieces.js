// Lists that can be searched and filtered, shown in pieces.

const kept = new Map();

/** What a list was left as: what is searched and filtered, how it is sorted. */
function memory(key, start) {
  if (!kept.has(key)) kept.set(key, { query: "", filters: {}, down: true, ...start });
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

function chooser({ name, label, options }, state, changed) {
  const id = fresh("filter");
  const change = () => {
    state.filters[name] = box.value;
    changed();
  };
  const box = h(
    "select",
    { id, change },
    options.map(([value, text]) => h("option", { value }, text)),
  );
  box.value = state.filters[name] || "";
  return h("div", { class: "field" }, h("label", { for: id }, label), box);
}

/** Whether all words of the search stand in a text. */
function matcher(query) {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return (text) => words.every((word) => text.includes(word));
}

/**
 * The rows that a search and filters leave, drawn a piece at a time.
 *
 * `body` takes what `draw(row)` makes; `text(row)` is searched; `keeps(row)` and `order(rows)` are
 * the filters and the sorting, as the list's memory has them.
 */
class Pieces {
  constructor({ state, rows, noun, size, body, draw, text, keeps, order }) {
    Object.assign(this, { state, rows, noun, size, body, draw, text, keeps, order });
    this.state.shown ||= size;
    this.texts = new Map();
    this.found = h("p", { class: "found" });
    this.more = h("button", { type: "button", class: "more", click: () => this.grow() });
    this.changed = this.changed.bind(this);
  }

  textOf(row) {
    if (!this.texts.has(row)) this.texts.set(row, folded(this.text(row)));
    return this.texts.get(row);
  }

  refresh() {
    const [matches, searched] = [matcher(this.state.query), this.state.query.trim() !== ""];
    this.now = this.rows.filter(
      (row) => this.keeps(row) && (!searched || matches(this.textOf(row))),
    );
    if (this.order) this.now.sort(this.order);
    this.body.replaceChildren(...this.now.slice(0, this.state.shown).map(this.draw));
    const whole = counted(this.rows.length, this.noun);
    const some =
      this.now.length < this.rows.length ? `${count(this.now.length)} of ${whole}` : whole;
    this.found.textContent =
      this.now.length || !this.rows.length ? some : `${some}: nothing matches`;
    this.follow();
  }

  follow() {
    const left = this.now.length - this.state.shown;
    this.more.hidden = left <= 0;
    this.more.textContent = `Show ${count(Math.min(this.size, left))} more of ${counted(this.now.length, this.noun)}`;
  }

  /** What is searched, filtered or sorted has changed. */
  changed(told) {
    this.state.shown = this.size;
    this.refresh();
    tell(typeof told === "string" ? told : this.found.textContent);
  }

  /** Draw the next piece and move on to its first row. */
  grow() {
    const start = this.state.shown;
    this.state.shown += this.size;
    this.body.append(...this.now.slice(start, this.state.shown).map(this.draw));
    this.follow();
    const next = this.body.children[start] && this.body.children[start].querySelector("a, button");
    if (next) next.focus();
  }
}
