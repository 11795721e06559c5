// Statements as a list, with a filter by stance.

const STATEMENT_PIECE = 30;

function tie(label, ...children) {
  return h("li", null, h("span", { class: "quiet" }, label), " ", children);
}

function quoted(row, most = 110) {
  const text = SAID.content_text[row] || SAID.cue_text[row] || "";
  return said(shortened(text.replace(/\s+/g, " "), most));
}

function speakerName(row) {
  const source = SAID.source[row];
  const name = speaker(row);
  if (source !== NOWHERE) return link(sourceHref(source), called(name), { class: "who" });
  return h("span", { class: "who" }, name ? called(name) : "no source written");
}

function tiesOf(row, without) {
  const [parent, denies, copy, claim] = [
    SAID.parent[row],
    SAID.denies[row],
    SAID.copy_of[row],
    SAID.claim[row],
  ];
  const ties = [];
  if (parent !== NOWHERE)
    ties.push(
      tie(
        "second-hand, told by",
        link(statementHref(parent), called(speaker(parent) || "an unwritten source")),
      ),
    );
  if (denies !== NOWHERE)
    ties.push(
      tie(
        "denies",
        called(speaker(denies) || "an unwritten source"),
        ": ",
        link(statementHref(denies), quoted(denies)),
      ),
    );
  if (copy !== NOWHERE)
    ties.push(
      tie(
        "near-copy of",
        link(statementHref(copy), said(oneLine(articleName(SAID.article[copy]), 80))),
      ),
    );
  if (claim !== NOWHERE && without !== "claim" && CLAIMS.sources[claim] > 1)
    ties.push(
      tie(
        CLAIMS.contested[claim] ? "contested claim:" : "claim:",
        link(claimHref(claim), [
          said(shortened(CLAIMS.text[claim] || "", 90)),
          ` (${counted(CLAIMS.sources[claim], "source")})`,
        ]),
      ),
    );
  return ties;
}

/** One statement: stance, who, when and where; in context; what it is tied to. */
function statementItem(row, without) {
  const article = SAID.article[row];
  const outlet = ARTICLES.outlet_name[article];
  const about = [
    ARTICLES.day[article] >= 0 ? date(ARTICLES.day[article]) : ARTICLES.published[article],
    outlet,
  ].filter(Boolean);
  const ties = tiesOf(row, without);
  return h(
    "li",
    { class: `statement edge-${stanceOf(row)}` },
    h(
      "div",
      { class: "body" },
      h(
        "div",
        { class: "head" },
        badge(stanceOf(row)),
        without === "source" ? null : speakerName(row),
        about.length && without !== "article"
          ? h(
              "span",
              { class: "quiet" },
              about.map((part, place) => [place ? " · " : "", called(part)]),
            )
          : null,
      ),
      excerpt(row),
      h(
        "p",
        { class: "foot-line" },
        without === "article"
          ? null
          : link(statementHref(row), [
              "In the article",
              unseen(`: ${oneLine(articleName(article))}`),
            ]),
        h(
          "span",
          { class: "quiet" },
          `${capital(FORM_WORDS[SAID.form[row]] || "form unknown")} · model ${share(sureness(row))} sure of the stance`,
        ),
      ),
    ),
    h(
      "div",
      { class: "beside" },
      SAID.digit[row] && without !== "claim"
        ? h(
            "p",
            { class: "graded" },
            grade(SAID.digit[row], DIGITS),
            h("span", { class: "quiet", "aria-hidden": "true" }, capital(DIGITS[SAID.digit[row]])),
          )
        : null,
      ties.length ? h("ul", { class: "ties" }, ties) : null,
    ),
  );
}

/** Buttons that choose one stance, or all. */
function stanceChooser(rows, state, changed) {
  const counts = stancesIn(rows);
  const options = [
    ["", "All", rows.length],
    ...STANCES.map((stance, place) => [stance, stance, counts[place]]).filter(
      ([, , many], place) => many || place < 4,
    ),
  ];
  const buttons = options.map(([value, label, many]) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String((state.filters.stance || "") === value),
        disabled: !many && value !== "",
        click: () => {
          state.filters.stance = value;
          buttons.forEach((button, place) =>
            button.setAttribute("aria-pressed", String(options[place][0] === value)),
          );
          changed();
        },
      },
      value ? sign(value) : null,
      value ? label : "All",
      " ",
      h("span", { class: "figures" }, count(many)),
    ),
  );
  return h("div", { class: "choices", role: "group", "aria-label": "Stance" }, buttons);
}

/** Statements with a search and a filter by stance, shown in pieces. */
function statementList(key, rows, without) {
  if (!rows.length) return h("p", { class: "quiet" }, "None of its statements is in this page.");
  const state = memory(key);
  const body = h("ol", { class: "statement-list" });
  const pieces = new Pieces({
    state,
    rows,
    noun: "statement",
    size: STATEMENT_PIECE,
    body,
    draw: (row) => statementItem(row, without),
    text: (row) =>
      [SAID.content_text[row], SAID.cue_text[row], SAID.source_text[row], speaker(row)].join(" "),
    keeps: (row) => !state.filters.stance || stanceOf(row) === state.filters.stance,
  });
  pieces.refresh();
  const search = h(
    "div",
    { class: "tools", role: "search" },
    searchBox("Search statements", state, pieces.changed),
  );
  return h(
    "div",
    null,
    stanceChooser(rows, state, pieces.changed),
    rows.length > 8 ? search : null,
    pieces.found,
    body,
    pieces.more,
  );
}

function statementsView() {
  const whole = D.totals.statements;
  const rows = range(SAID.article.length);
  return {
    title: "Statements",
    heading: "Statements",
    parts: [
      rows.length < whole
        ? h(
            "p",
            { class: "note" },
            `${count(rows.length)} of ${count(whole)} statements are in this page.`,
          )
        : null,
      statementList("statements", rows, null),
    ],
  };
}
