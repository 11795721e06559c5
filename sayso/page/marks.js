// Statements marked in a text: contents underlined by stance, sources and cues in them or beside.

const ROLES = ["source", "cue", "content"];
const AROUND = 200;
const BETWEEN = 60;
const APART = 200;
const LONGEST = 2000;

function piecesOf(row) {
  if (!SAID.spans[row]) return [];
  return SAID.spans[row].flatMap((flat, role) =>
    range(flat.length / 2).map((piece) => ({
      from: flat[2 * piece],
      to: flat[2 * piece + 1],
      role: ROLES[role],
      row,
      first: role === 2 && piece === 0,
    })),
  );
}

function inOrder(one, other) {
  return (
    one.from - other.from ||
    other.to - one.to ||
    ROLES.indexOf(other.role) - ROLES.indexOf(one.role) ||
    one.row - other.row
  );
}

/** What of the pieces lies in a part of the text. */
function within(pieces, from, to) {
  return pieces
    .filter((piece) => piece.from < to && piece.to > from && piece.to > piece.from)
    .map((piece) => ({
      ...piece,
      from: Math.max(piece.from, from),
      to: Math.min(piece.to, to),
      first: piece.first && piece.from >= from,
    }))
    .sort(inOrder);
}

/**
 * A part of a text with its pieces as nested elements; what overlaps in part is cut in two.
 * `before(row)` is put before the first piece of each content.
 */
function marked(text, from, to, pieces, before) {
  const out = [];
  const queue = pieces.slice();
  let at = from;
  for (let place = 0; place < queue.length; place += 1) {
    const one = queue[place];
    if (one.from > at) out.push(text.slice(at, one.from));
    const inner = [];
    const rest = [];
    let next = place + 1;
    for (; next < queue.length && queue[next].from < one.to; next += 1) {
      const other = queue[next];
      inner.push({ ...other, to: Math.min(other.to, one.to) });
      if (other.to > one.to) rest.push({ ...other, from: one.to, first: false });
    }
    queue.splice(place + 1, next - place - 1, ...rest);
    if (rest.length) queue.splice(place + 1, queue.length, ...queue.slice(place + 1).sort(inOrder));
    if (one.first && before) out.push(before(one.row));
    out.push(markOf(one, marked(text, one.from, one.to, inner, before)));
    at = one.to;
  }
  if (at < to) out.push(text.slice(at, to));
  return out;
}

function markOf(piece, children) {
  const stance = stanceOf(piece.row);
  const nested = SAID.parent[piece.row] !== NOWHERE ? " nested" : "";
  const kind =
    piece.role === "content" ? `content ink-${stance} line-${stance}${nested}` : piece.role;
  return h("span", { class: `mark ${kind}`, "data-row": piece.row }, children);
}

function cutBack(text, at, least) {
  if (at <= least) return least;
  const space = text.slice(at, at + 40).search(/\s/);
  return space < 0 ? at : at + space + 1;
}

function cutOn(text, at, most) {
  if (at >= most) return most;
  const space = text.slice(Math.max(0, at - 40), at).search(/\s\S*$/);
  return space < 0 ? at : Math.max(0, at - 40) + space;
}

/** The parts of a text that show the pieces of a statement: what lies far apart is left out. */
function windowsOf(text, pieces) {
  const out = [];
  for (const { from, to } of pieces.slice().sort(inOrder)) {
    const last = out[out.length - 1];
    if (last && from - last[1] <= APART) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out.map(([from, to], place) => {
    const start = text.lastIndexOf("\n", from - 1) + 1;
    const found = text.indexOf("\n", to);
    const end = found < 0 ? text.length : found;
    const [before, after] = [place ? BETWEEN : AROUND, place < out.length - 1 ? BETWEEN : AROUND];
    const until = Math.min(to, from + LONGEST);
    return [
      Math.min(cutBack(text, from - before, start), from),
      until < to ? until : Math.max(cutOn(text, to + after, end), to),
    ];
  });
}

/** A statement with what stands around it in its article, or without where the text is not here. */
function excerpt(row) {
  const text = textOf(SAID.article[row]);
  const pieces = piecesOf(row);
  if (text === null || !pieces.length) return bare(row);
  const windows = windowsOf(text, pieces);
  const last = windows.length - 1;
  const parts = windows.map(([from, to], place) => [
    place || (from > 0 && text[from - 1] !== "\n") ? "… " : null,
    marked(text, from, to, within(pieces, from, to)),
    place === last && to < text.length && text[to] !== "\n" ? " …" : " ",
  ]);
  return h("p", { class: "excerpt", dir: "auto" }, parts);
}

function bare(row) {
  const stance = stanceOf(row);
  const [source, cue, content] = [
    SAID.source_text[row],
    SAID.cue_text[row],
    SAID.content_text[row],
  ];
  return h(
    "p",
    { class: "excerpt", dir: "auto" },
    source
      ? said(source, { class: "mark source" })
      : h("span", { class: "quiet" }, "no source written"),
    " ",
    cue ? said(cue, { class: "mark cue" }) : "—",
    " ",
    content
      ? said(shortened(content, LONGEST), { class: `mark content ink-${stance} line-${stance}` })
      : null,
  );
}
