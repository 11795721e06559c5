// Lists of sources and of outlets.

function profileColumns(columns, where, outlets) {
  return [
    {
      name: "name",
      label: "Name",
      text: true,
      class: "wide",
      sort: (row) => columns.name[row],
      cell: (row) => [
        link(where(row), called(columns.name[row])),
        outlets ? null : h("span", { class: "quiet kind" }, columns.kind[row]),
      ],
    },
    {
      name: "statements",
      label: "Statements",
      class: "number",
      sort: (row) => columns.statements[row],
      cell: (row) => count(columns.statements[row]),
    },
    {
      name: "denial",
      label: "Stances",
      class: "bar-cell",
      cell: (row) => stanceBar(sharesOf(columns, row)),
    },
    {
      name: "reliability",
      label: "Reliability (90\u00a0%)",
      class: "interval-cell",
      sort: (row) => columns.reliability[row],
      cell: (row) =>
        intervalBar(
          columns.reliability[row],
          columns.reliability_low[row],
          columns.reliability_high[row],
          columns.prior[row],
        ),
    },
    {
      name: "shared",
      label: "Shared claims",
      class: "number",
      sort: (row) => columns.shared[row],
      cell: (row) => count(columns.shared[row]),
    },
    {
      name: "contested",
      label: "Contested",
      class: "number",
      sort: (row) => columns.share_contested[row],
      cell: (row) => share(columns.share_contested[row]),
    },
    {
      name: "letter",
      label: "Letter",
      text: true,
      class: "grade-cell",
      sort: (row) => (columns.letter[row] === "F" ? null : columns.letter[row]),
      cell: (row) => grade(columns.letter[row], LETTERS),
    },
  ];
}

function letterFilter(columns) {
  return {
    name: "letter",
    label: "Letter",
    options: [
      ["", "Any"],
      ...Object.entries(LETTERS).map(([letter, words]) => [letter, `${letter} ${words}`]),
    ],
    keeps: (row, letter) => columns.letter[row] === letter,
  };
}

function listView(outlets) {
  const columns = outlets ? OUTLETS : SOURCES;
  const [noun, whole] = outlets ? ["outlet", D.totals.outlets] : ["source", D.totals.sources];
  const kinds = [...new Set(columns.kind || [])].sort();
  const filters = [letterFilter(columns)];
  if (!outlets)
    filters.unshift({
      name: "kind",
      label: "Kind",
      options: [["", "Any"], ...kinds.map((kind) => [kind, capital(kind)])],
      keeps: (row, kind) => columns.kind[row] === kind,
    });
  const size = columns.id.length;
  return {
    title: outlets ? "Outlets" : "Sources",
    heading: outlets ? "Outlets" : "Sources",
    parts: [
      h(
        "p",
        { class: "lead" },
        outlets
          ? "What an outlet carries counts as its own claim."
          : "Sources with a name, one name across articles.",
      ),
      size < whole
        ? h(
            "p",
            { class: "note" },
            `${count(size)} of ${counted(whole, noun)}: those with the most statements.`,
          )
        : null,
      size
        ? listing({
            key: `${noun}s`,
            noun,
            rows: range(size),
            columns: profileColumns(columns, outlets ? outletHref : sourceHref, outlets),
            search: (row) =>
              [columns.name[row], ...(outlets ? [] : columns.aliases[row])].join(" "),
            filters,
            caption: `${capital(noun)}s with their statements, reliability and letter`,
            sort: "statements",
          })
        : h("p", { class: "quiet" }, `No ${noun} in this corpus.`),
    ],
  };
}
