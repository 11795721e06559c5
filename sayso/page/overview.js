// The corpus at a glance.

function tile(number, label, where) {
  const text = [h("b", null, count(number)), " ", h("span", null, label)];
  return h("li", null, where ? link(where, text) : h("span", null, text));
}

function barRow(row, columns, where) {
  return h(
    "li",
    null,
    h("span", { class: "name" }, link(where(row), called(columns.name[row]))),
    stanceBar(sharesOf(columns, row)),
    h("span", { class: "figures" }, count(columns.statements[row])),
    grade(columns.letter[row], LETTERS),
  );
}

function bars(columns, where, most, all, whole) {
  const size = columns.id.length;
  if (!size) return h("p", { class: "quiet" }, "None in this corpus.");
  return [
    h(
      "div",
      { class: "bars-head", "aria-hidden": "true" },
      h("span", null, "Name"),
      h("span", null, "Stances"),
      h("span", null, "Statements"),
      h("span", null, "Rating"),
    ),
    h(
      "ol",
      { class: "bars" },
      range(Math.min(most, size)).map((row) => barRow(row, columns, where)),
    ),
    size > most
      ? h(
          "p",
          { class: "all" },
          link(
            all,
            size < whole ? `The first ${count(size)} of ${count(whole)}` : `All ${count(size)}`,
          ),
        )
      : null,
  ];
}

function kindBars() {
  const rows = D.kinds
    .map((counts, kind) => [
      KINDS[kind] || "not known",
      counts,
      counts.reduce((sum, one) => sum + one, 0),
    ])
    .filter(([, , whole]) => whole);
  if (!rows.length) return h("p", { class: "quiet" }, "None in this corpus.");
  rows.sort((one, other) => other[2] - one[2]);
  return h(
    "ul",
    { class: "bars three" },
    rows.map(([kind, counts, whole]) =>
      h(
        "li",
        null,
        h("span", { class: "name" }, capital(kind)),
        stanceBar(counts),
        h("span", { class: "figures" }, count(whole)),
      ),
    ),
  );
}

function contestedRows() {
  return range(CLAIMS.id.length).filter((row) => CLAIMS.contested[row]);
}

function sides(row) {
  return [
    CLAIMS.asserting[row],
    CLAIMS.denying[row],
    CLAIMS.hedging[row],
    CLAIMS.speculating[row],
    0,
  ];
}

function contestedPanel() {
  const rows = contestedRows();
  if (!rows.length)
    return h("p", { class: "quiet" }, "No claim in this corpus has sources on both sides.");
  return [
    h(
      "ul",
      { class: "cards" },
      rows.slice(0, 6).map((row) => claimCard(row)),
    ),
    rows.length > 6
      ? h(
          "p",
          { class: "all" },
          link("#/claims", `${rows.length < D.totals.contested ? "More" : "All"} contested claims`),
        )
      : null,
  ];
}

function claimCard(row) {
  const names = VERBS.slice(0, 4)
    .map((verb, place) => [sides(row)[place], STANCES[place]])
    .filter(([many]) => many);
  return h(
    "li",
    { class: "card" },
    h(
      "div",
      { class: "card-head" },
      h(
        "p",
        { class: "claim-text" },
        link(claimHref(row), said(shortened(CLAIMS.text[row] || "no text", 180))),
      ),
      grade(CLAIMS.digit[row], DIGITS),
    ),
    stanceBar(sides(row)),
    h(
      "p",
      { class: "card-foot" },

      names.map(([many, stance]) =>
        h(
          "span",
          { class: "badge" },
          sign(stance),
          `${many} ${many === 1 ? VERBS[STANCES.indexOf(stance)] : PLURAL_VERBS[STANCES.indexOf(stance)]}`,
        ),
      ),
    ),
  );
}

function leftOut() {
  if (!D.left_out.length) return null;
  return h(
    "aside",
    { class: "note", "aria-label": "What is left out" },
    h("p", null, h("b", null, "Not all of the corpus is in this page.")),
    h(
      "ul",
      null,
      D.left_out.map((note) => h("li", null, note)),
    ),
    h("p", null, "Counts and charts on this view are of all of it."),
  );
}

function tiles() {
  const t = D.totals;
  const named = (number, noun) => tile(number, number === 1 ? noun : `${noun}s`, `#/${noun}s`);
  return h(
    "ul",
    { class: "tiles" },
    named(t.statements, "statement"),
    named(t.articles, "article"),
    named(t.sources, "source"),
    named(t.outlets, "outlet"),
    tile(t.shared, "claims of several sources", "#/claims"),
    tile(t.contested, "of them contested", "#/claims"),
  );
}

function timePanel() {
  const undated = `${counted(D.undated, "statement")} without a date that can be read.`;
  return panel(
    "Over time",
    timeChart(D.periods, D.unit, "Statements by stance over time", 200),
    D.undated ? quiet(undated) : null,
  );
}

function gridPanel() {
  const label = "Reliability by credibility";
  return panel(
    label,
    quiet(
      "The two axes of the Admiralty scale are independent of each other. ",
      link("#/about", "What the letters and digits mean"),
    ),
    h(
      "div",
      { class: "scrolls", tabindex: "0", role: "region", "aria-label": label },
      ratingGrid(D.grid),
    ),
  );
}

function overviewView() {
  const sources = bars(SOURCES, sourceHref, 12, "#/sources", D.totals.sources);
  const outlets = bars(OUTLETS, outletHref, 6, "#/outlets", D.totals.outlets);
  const stances = [stanceBar(D.stances, { class: "stances tall" }), legend(D.stances)];
  return {
    title: "",
    heading: D.title,
    parts: [
      tiles(),
      leftOut(),
      h(
        "div",
        { class: "panels" },
        panel("Stances", stances),
        timePanel(),
        panel("Sources with the most statements", sources),
        h(
          "div",
          { class: "stack" },
          panel("Outlets", outlets),
          panel("Kinds of source", kindBars()),
        ),
      ),
      panel("Contested claims", contestedPanel()),
      gridPanel(),
    ],
  };
}
