// The text of an article with its statements marked, and the list of them beside it.

const TEXT_PIECE = 40000;
const LONG_LINE = 8000;

/** Where paragraphs begin and end; one too long to be drawn at once is cut at a space. */
function paragraphsOf(text) {
  const out = [];
  for (let from = 0; from < text.length;) {
    let to = text.indexOf("\n", from);
    if (to < 0) to = text.length;
    let end = to;
    if (end - from > LONG_LINE) {
      const space = text.lastIndexOf(" ", from + LONG_LINE);
      end = space > from ? space : from + LONG_LINE;
      if (/[\uDC00-\uDFFF]/.test(text[end])) end += 1;
    }
    if (text.slice(from, end).trim()) out.push([from, end]);
    from = end < to ? end : to + 1;
  }
  return out;
}

/** A number in the text that opens what is known of its statement beneath the paragraph. */
function marker(row, number) {
  const stance = stanceOf(row);
  const button = h(
    "button",
    {
      type: "button",
      class: `marker ink-${stance}`,
      "aria-expanded": "false",
      "data-marker": row,
      title: `${capital(stance)}, ${oneLine(speaker(row), 60) || "no source written"}`,
      click: () => toggle(button, row),
    },
    sign(stance),
    h("span", { "aria-hidden": "true" }, number),
    unseen(`Statement ${number}, ${stance}, ${oneLine(speaker(row), 60) || "no source written"}`),
  );
  return button;
}

function light(row, on) {
  for (const mark of document.querySelectorAll(`.text .mark[data-row="${row}"]`))
    mark.classList.toggle("lit", on);
}

function toggle(button, row) {
  const paragraph = button.closest("p");
  const old = document.querySelector(`[data-card="${row}"]`);
  light(row, !old);
  button.setAttribute("aria-expanded", String(!old));
  if (old) old.remove();
  else paragraph.after(h("ul", { class: "inline-card", "data-card": row }, detail(row)));
}

function detail(row) {
  const stances = STANCES.slice(0, 4).map((stance, place) =>
    h("li", null, badge(stance), " ", h("span", { class: "figures" }, share(SAID.p[row][place]))),
  );
  return h(
    "li",
    { class: `statement edge-${stanceOf(row)}` },
    h(
      "div",
      { class: "head" },
      badge(stanceOf(row)),
      speakerName(row),
      h(
        "span",
        { class: "quiet" },
        [SAID.kind[row], FORM_WORDS[SAID.form[row]]].filter(Boolean).join(" · "),
      ),
      h("span", { class: "side" }, SAID.digit[row] ? grade(SAID.digit[row], DIGITS) : null),
    ),
    h("ul", { class: "chances", "aria-label": "Probabilities of the stances" }, stances),
    tiesOf(row).length ? h("ul", { class: "ties" }, tiesOf(row)) : null,
  );
}

/** The text in pieces, statements marked; `reach(row)` draws on until a statement is there. */
function markedText(text, rows) {
  const place = h("div", { class: "text", dir: "auto" });
  const more = h("button", { type: "button", class: "more" }, "Show more of the text");
  const numbers = new Map(rows.map((row, number) => [row, number + 1]));
  const pieces = rows.flatMap(piecesOf).sort(inOrder);
  const paragraphs = paragraphsOf(text);
  let drawnTo = 0;
  let next = 0;

  function piece() {
    const start = drawnTo;
    while (next < paragraphs.length && drawnTo - start < TEXT_PIECE) {
      const [from, to] = paragraphs[next];
      place.append(
        h(
          "p",
          { dir: "auto" },
          marked(text, from, to, within(pieces, from, to), (row) => marker(row, numbers.get(row))),
        ),
      );
      drawnTo = to;
      next += 1;
    }
    more.hidden = next >= paragraphs.length;
  }

  function reach(row) {
    const at = Math.min(...piecesOf(row).map((one) => one.from));
    while (next < paragraphs.length && drawnTo <= at) piece();
    return (
      place.querySelector(`[data-marker="${row}"]`) || place.querySelector(`[data-row="${row}"]`)
    );
  }

  more.addEventListener("click", piece);
  piece();
  return { place, more, reach };
}

function goTo(found, row) {
  if (!found) return;
  if (found.matches("button") && found.getAttribute("aria-expanded") === "false")
    toggle(found, row);
  else light(row, true);
  found.scrollIntoView({ block: "center" });
  if (found.matches("button")) found.focus({ preventScroll: true });
}

/** Which stances are marked in the text, by buttons above it. */
function markChooser(rows, place) {
  const state = { filters: {} };
  return stanceChooser(rows, state, () => {
    const wanted = state.filters.stance;
    for (const mark of place.querySelectorAll(".mark, .marker")) {
      const row = Number(mark.dataset.row || mark.dataset.marker);
      mark.classList.toggle("off", Boolean(wanted) && stanceOf(row) !== wanted);
    }
    place.dataset.only = wanted || "";
    tell(wanted ? `Only ${wanted} is marked` : "All stances are marked");
  });
}

function indexOf(rows, reach) {
  const item = (row, number) =>
    h(
      "li",
      { class: SAID.parent[row] !== NOWHERE ? "inner" : null },
      h(
        "button",
        { type: "button", click: () => goTo(reach(row), row) },
        sign(stanceOf(row)),
        h("span", { class: "figures" }, number + 1),
        h(
          "span",
          null,
          unseen(`${stanceOf(row)}: `),
          h("b", null, speaker(row) ? said(shortened(speaker(row), 60)) : "no source written"),
          " ",
          quoted(row, 70),
        ),
      ),
    );
  return h(
    "section",
    { class: "index" },
    h("h2", null, "Statements"),
    h("ol", null, rows.map(item)),
  );
}
