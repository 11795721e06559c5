// One claim: its credibility, when it was said, and its sides beside each other.

const SIDE_WORDS = ["Asserted by", "Denied by", "Hedged by", "Speculated on by"];
const SIDE_PIECE = 12;

/** When each stance was taken: a row a stance, a dot a statement. */
function lanes(rows) {
  const dated = rows.filter((row) => ARTICLES.day[SAID.article[row]] >= 0);
  const days = dated.map((row) => ARTICLES.day[SAID.article[row]]);
  const [first, last] = [Math.min(...days), Math.max(...days)];
  if (dated.length < 2 || first === last) return null;
  const used = STANCES.filter((stance) => dated.some((row) => stanceOf(row) === stance));
  const draw = (width) => {
    const [left, right, tall] = [96, 16, 30];
    const x = (day) => left + ((width - left - right) * (day - first)) / (last - first);
    const height = used.length * tall + 24;
    return s(
      "svg",
      {
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        class: "chart",
        role: "img",
        "aria-label": `When it was said: ${used.map((stance) => `${stance} ${counted(dated.filter((row) => stanceOf(row) === stance).length, "time")}`).join(", ")}, from ${date(first)} to ${date(last)}.`,
      },
      used.map((stance, place) => [
        s("text", { x: 0, y: place * tall + 19 }, capital(stance)),
        s("path", { class: "axis", d: `M${left} ${place * tall + 15}H${width - right}` }),
        dated
          .filter((row) => stanceOf(row) === stance)
          .map((row) =>
            s(
              "g",
              {
                class: `ink-${stance}`,
                transform: `translate(${x(ARTICLES.day[SAID.article[row]]) - 8} ${place * tall + 7})`,
              },
              s(
                "title",
                null,
                `${date(ARTICLES.day[SAID.article[row]])}: ${oneLine(speaker(row), 60) || "no source written"}`,
              ),
              MARKS[stance].map(([name, props]) => s(name, props)),
            ),
          ),
      ]),
      s("text", { x: left, y: height - 4 }, date(first)),
      s("text", { x: width - right, y: height - 4, class: "end" }, date(last)),
    );
  };
  return h("section", { class: "panel" }, h("h2", null, "When"), drawn(draw));
}

/** Where a statement's side is not the one that its stance would make one think. */
function contrary(row) {
  if (stanceOf(row) === "denial") return SAID.position[row] === 0 ? "denies the contrary" : null;
  return SAID.position[row] === 1 ? "says the contrary" : null;
}

function sideItem(row) {
  const article = SAID.article[row];
  const when =
    ARTICLES.day[article] >= 0 ? date(ARTICLES.day[article]) : ARTICLES.published[article];
  return h(
    "li",
    null,
    h(
      "p",
      { class: "side-who" },
      speakerName(row),
      when ? h("span", { class: "quiet" }, called(when)) : null,
    ),
    h(
      "p",
      { class: "side-text", dir: "auto" },
      SAID.cue_text[row] ? [said(SAID.cue_text[row], { class: "mark cue" }), " "] : null,
      link(statementHref(row), quoted(row, 220)),
    ),
    contrary(row) ? h("p", null, h("span", { class: "flag" }, contrary(row))) : null,
    tiesOf(row, "claim").length ? h("ul", { class: "ties" }, tiesOf(row, "claim")) : null,
    ARTICLES.outlet_name[article]
      ? h("p", { class: "quiet small" }, called(ARTICLES.outlet_name[article]))
      : null,
  );
}

function sideColumn(stance, rows) {
  const mine = rows.filter((row) => stanceOf(row) === stance);
  if (!mine.length && stance === "withheld") return null;
  const list = h("ul", null, mine.slice(0, SIDE_PIECE).map(sideItem));
  const rest = mine.slice(SIDE_PIECE);
  const more = rest.length
    ? h(
        "button",
        {
          type: "button",
          class: "more",
          click: () => {
            list.append(...rest.map(sideItem));
            list.children[SIDE_PIECE].querySelector("a").focus();
            more.remove();
          },
        },
        `Show ${count(rest.length)} more`,
      )
    : null;
  const heading = SIDE_WORDS[STANCES.indexOf(stance)] || "Stance withheld";
  return h(
    "section",
    { class: `side-column edge-${stance}${mine.length ? "" : " empty"}` },
    h(
      "h3",
      null,
      sign(stance),
      " ",
      heading,
      " ",
      h("span", { class: "figures" }, count(mine.length)),
    ),
    mine.length ? list : h("p", { class: "quiet" }, "Nobody here."),
    more,
  );
}

function claimView(id) {
  const row = rowOf(CLAIMS, id);
  if (row === NOWHERE) return missingView("claim", id);
  const rows = statementsOf("claim", row);
  const byTime = rows
    .slice()
    .sort(
      (one, other) =>
        ARTICLES.day[SAID.article[one]] - ARTICLES.day[SAID.article[other]] || one - other,
    );
  const [digit, p] = [CLAIMS.digit[row], CLAIMS.p_true[row]];
  const text = CLAIMS.text[row] || "no text";
  return {
    title: oneLine(text, 80),
    heading: said(shortened(text, 400)),
    headingClass: "claim-heading",
    up: ["#/claims", "Claims"],
    parts: [
      h(
        "p",
        { class: "lead" },
        CLAIMS.contested[row] ? h("span", { class: "flag" }, "contested") : null,
        [
          counted(CLAIMS.sources[row], "independent source"),

          counted(CLAIMS.statements[row], "statement"),
          counted(CLAIMS.articles[row], "article"),
          counted(CLAIMS.outlets[row], "outlet"),
        ].join(" · "),
      ),
      h(
        "div",
        { class: "panels" },
        h(
          "section",
          { class: "panel verdict" },
          h("h2", null, "Credibility"),
          h(
            "div",
            { class: "verdict-line" },
            h(
              "p",
              { class: "big-grade" },
              grade(digit, DIGITS),
              h("span", null, capital(DIGITS[digit] || "not rated")),
            ),
          ),
          digit === "6"
            ? h("p", null, "This is no bad mark: there is too little to judge it by.")
            : null,
          CLAIMS.reasons[row].length
            ? [
                h("h3", null, "Reasons"),
                h(
                  "ul",
                  { class: "reasons" },
                  CLAIMS.reasons[row].map((reason) => h("li", null, said(reason))),
                ),
              ]
            : null,
        ),
        h(
          "section",
          { class: "panel" },
          h("h2", null, "Who stands where"),
          stanceBar(sides(row), { class: "stances tall" }),
          legend(sides(row)),
          facts([
            ["Probably so", p === null ? null : share(p), "from the reliability of its sources"],
            ["Outcome", outcomeWords(row)],
          ]),
        ),
      ),
      lanes(byTime),
      h(
        "section",
        null,
        h("h2", null, "Side by side"),
        rows.length < CLAIMS.statements[row]
          ? h(
              "p",
              { class: "note" },
              `${count(rows.length)} of its ${counted(CLAIMS.statements[row], "statement")} are in this page.`,
            )
          : null,
        h(
          "div",
          { class: "sides" },
          STANCES.map((stance) => sideColumn(stance, byTime)),
        ),
      ),
    ],
  };
}
