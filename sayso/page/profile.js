// One source or outlet: how far to rely on it and why, how it speaks, what it says.

function facts(rows) {
  return h(
    "dl",
    { class: "facts" },
    rows
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value, note]) =>
        h(
          "div",
          null,
          h("dt", null, name),
          h("dd", null, value, note ? h("span", { class: "quiet" }, " ", note) : null),
        ),
      ),
  );
}

function copying(columns, row) {
  if (!columns.copied[row] || columns.copied[row] < 0.005) return null;
  const id = columns.copies[row];
  const other = id ? rowOf(columns, id) : NOWHERE;
  if (other === NOWHERE) return share(columns.copied[row]);
  return [
    share(columns.copied[row]),
    " from ",
    link((columns === OUTLETS ? outletHref : sourceHref)(other), said(columns.name[other])),
  ];
}

function verdict(columns, row) {
  const [value, prior] = [columns.reliability[row], columns.prior[row]];
  const tick = prior === null ? "" : `; the tick is the prior, ${figure(prior)}`;
  const meaning = `Probability that what it states is so, with its 90\u00a0% interval${tick}.`;
  return panel(
    "How far to rely on it",
    h(
      "div",
      { class: "verdict-line" },
      bigGrade(columns.letter[row], LETTERS),
      h(
        "div",
        { class: "verdict" },
        intervalBar(value, columns.reliability_low[row], columns.reliability_high[row], prior),
        value === null ? null : quiet(meaning),
      ),
    ),
    reasonsFor(columns.letter[row], columns.reasons[row]),
    evidence(columns.evidence[row]),
  );
}

function evidence(rows) {
  if (!rows.length) return null;
  return h(
    "details",
    { class: "evidence" },
    h("summary", null, `${counted(rows.length, "statement")} behind it`),
    h(
      "ul",
      null,
      rows.map((row) =>
        h(
          "li",
          null,
          sign(stanceOf(row)),
          unseen(stanceOf(row), " "),
          " ",
          link(statementHref(row), quoted(row, 140)),
        ),
      ),
    ),
  );
}

function worth(claims) {
  return claims < 10 ? claims.toFixed(1) : count(Math.round(claims));
}

function evidenceFacts(columns, row) {
  return [
    ["Claims it takes a side on", count(columns.claims[row])],
    [
      "Others speak about",
      count(columns.shared[row]),
      columns.shared[row]
        ? `${count(columns.agreed[row])} agree, ${count(columns.contradicted[row])} contradict`
        : null,
    ],
    [
      "Contested",
      columns.share_contested[row] === null ? null : share(columns.share_contested[row]),
      "of its claims",
    ],
    [
      "Changed sides on",
      count(columns.changed[row]),
      columns.changed[row] === 1 ? "claim" : "claims",
    ],
    [
      "Evidence worth",
      columns.checked[row] === null ? null : worth(columns.checked[row]),
      "claims",
    ],
    [
      "Right in known outcomes",
      columns.known[row] ? `${count(columns.right[row])} of ${count(columns.known[row])}` : null,
    ],
    [
      "Brier score",
      columns.known[row] && columns.brier[row] !== null ? columns.brier[row].toFixed(3) : null,
      "0 is best",
    ],
    ["Taken over", copying(columns, row)],
  ];
}

function mannerFacts(columns, row) {
  return [
    ["Direct quotation", share(columns.share_direct[row])],
    ["Second-hand", share(columns.share_nested[row])],
    ["Unnamed sources", columns.share_unnamed ? share(columns.share_unnamed[row]) : null],
    ["No source written", columns.share_unsourced ? share(columns.share_unsourced[row]) : null],
  ];
}

function mannerPanel(columns, row, triples) {
  const shares = sharesOf(columns, row);
  const counts = shares.map((one) => Math.round(one * columns.statements[row]));
  const rows = periodRows(triples);
  return h(
    "section",
    { class: "panel" },
    h("h2", null, columns === OUTLETS ? "What it carries" : "How it speaks"),
    stanceBar(shares, { class: "stances tall" }),
    legend(counts),
    facts(mannerFacts(columns, row)),
    rows.length > 1
      ? [
          h("h3", null, "Over time"),
          timeChart(rows, D.unit, `Statements of ${oneLine(columns.name[row], 60)} over time`, 130),
        ]
      : null,
  );
}

function profileHead(columns, row) {
  const outlets = columns === OUTLETS;
  const [first, last] = [columns.first[row], columns.last[row]];
  const about = [
    outlets ? "Outlet" : capital(columns.kind[row] || "kind not known"),
    counted(columns.statements[row], "statement"),
    counted(columns.articles[row], "article"),
    outlets ? counted(columns.sources[row], "source") : counted(columns.outlets[row], "outlet"),
    first ? [called(first), last === first ? null : [" to ", called(last)]] : null,
  ].filter(Boolean);
  const aliases = outlets ? [] : columns.aliases[row].slice(0, 12);
  return [
    h(
      "p",
      { class: "lead" },
      about.map((part, place) => [place ? " · " : "", part]),
    ),
    aliases.length
      ? quiet(
          "Also called ",
          aliases.map((alias, place) => [place ? ", " : "", called(alias)]),
        )
      : null,
  ];
}

function profileView(outlets, id) {
  const columns = outlets ? OUTLETS : SOURCES;
  const noun = outlets ? "outlet" : "source";
  const row = rowOf(columns, id);
  if (row === NOWHERE) return missingView(noun, id);
  const rows = statementsOf(noun, row);
  const whole = counted(columns.statements[row], "statement");
  const periods = (outlets ? D.outlet_periods : D.source_periods)[row];
  return {
    title: oneLine(columns.name[row], 80),
    heading: called(columns.name[row], 300),
    up: [`#/${noun}s`, `${capital(noun)}s`],
    parts: [
      profileHead(columns, row),
      h(
        "div",
        { class: "flow" },
        verdict(columns, row),
        panel("Evidence", facts(evidenceFacts(columns, row))),
        mannerPanel(columns, row, periods),
      ),
      section(
        "Statements",
        rows.length < columns.statements[row]
          ? note(`${count(rows.length)} of its ${whole} are in this page.`)
          : null,
        statementList(`${noun}:${id}`, rows, outlets ? null : "source"),
      ),
    ],
  };
}
