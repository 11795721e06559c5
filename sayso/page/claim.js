// One claim: its credibility, when it was said, and its sides beside each other.

const SIDE_WORDS = ["Asserted by", "Denied by", "Hedged by", "Speculated on by"];
const SIDE_PIECE = 12;

function dayOf(row) {
  return ARTICLES.day[SAID.article[row]];
}

function laneDot(row, x, y) {
  const stance = stanceOf(row);
  return s(
    "g",
    { class: `ink-${stance}`, transform: `translate(${x - 8} ${y})` },
    s("title", null, `${date(dayOf(row))}: ${oneLine(speaker(row), 60) || "no source written"}`),
    MARKS[stance].map(([name, props]) => s(name, props)),
  );
}

/** When each stance was taken: a line a stance, a sign a statement. */
function lanes(rows) {
  const dated = rows.filter((row) => dayOf(row) >= 0);
  const days = dated.map(dayOf);
  const [first, last] = [Math.min(...days), Math.max(...days)];
  if (dated.length < 2 || first === last) return null;
  const used = STANCES.map((stance) => [stance, dated.filter((row) => stanceOf(row) === stance)]);
  const lines = used.filter(([, mine]) => mine.length);
  const name = `When it was said: ${lines.map(([stance, mine]) => `${stance} ${counted(mine.length, "time")}`).join(", ")}, from ${date(first)} to ${date(last)}.`;
  const draw = (width) => {
    const [left, right, tall] = [96, width - 16, 30];
    const x = (day) => left + ((right - left) * (day - first)) / (last - first);
    const height = lines.length * tall + 24;
    const viewBox = `0 0 ${width} ${height}`;
    return s(
      "svg",
      { width, height, viewBox, class: "chart", role: "img", "aria-label": name },
      lines.map(([stance, mine], place) => [
        s("text", { x: 0, y: place * tall + 19 }, capital(stance)),
        s("path", { class: "axis", d: `M${left} ${place * tall + 15}H${right}` }),
        mine.map((row) => laneDot(row, x(dayOf(row)), place * tall + 7)),
      ]),
      s("text", { x: left, y: height - 4 }, date(first)),
      s("text", { x: right, y: height - 4, class: "end" }, date(last)),
    );
  };
  return panel("When", drawn(draw));
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

function claimHead(row) {
  const about = [
    counted(CLAIMS.sources[row], "independent source"),
    counted(CLAIMS.statements[row], "statement"),
    counted(CLAIMS.articles[row], "article"),
    counted(CLAIMS.outlets[row], "outlet"),
  ];
  const flag = CLAIMS.contested[row] ? h("span", { class: "flag" }, "contested") : null;
  return h("p", { class: "lead" }, flag, about.join(" · "));
}

function claimPanels(row) {
  const p = CLAIMS.p_true[row];
  return h(
    "div",
    { class: "panels" },
    panel(
      "Credibility",
      bigGrade(CLAIMS.digit[row], DIGITS),
      reasonsFor(CLAIMS.digit[row], CLAIMS.reasons[row]),
    ),
    panel(
      "Who stands where",
      stanceBar(sides(row), { class: "stances tall" }),
      legend(sides(row)),
      facts([
        ["Probably so", p === null ? null : share(p), "from the reliability of its sources"],
        ["Outcome", outcomeWords(row)],
      ]),
    ),
  );
}

function claimView(id) {
  const row = rowOf(CLAIMS, id);
  if (row === NOWHERE) return missingView("claim", id);
  const rows = statementsOf("claim", row)
    .slice()
    .sort((one, other) => dayOf(one) - dayOf(other) || one - other);
  const text = CLAIMS.text[row] || "no text";
  const whole = counted(CLAIMS.statements[row], "statement");
  return {
    title: oneLine(text, 80),
    heading: said(shortened(text, 400)),
    headingClass: "claim-heading",
    up: ["#/claims", "Claims"],
    parts: [
      claimHead(row),
      claimPanels(row),
      lanes(rows),
      section(
        "Side by side",
        rows.length < CLAIMS.statements[row]
          ? note(`${count(rows.length)} of its ${whole} are in this page.`)
          : null,
        h(
          "div",
          { class: "sides" },
          STANCES.map((stance) => sideColumn(stance, rows)),
        ),
      ),
    ],
  };
}
