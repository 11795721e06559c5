// Elements and text nodes: all that is shown is made here, and no markup is ever parsed.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** An element; functions among the properties are its listeners. */
function h(name, props, ...children) {
  return fill(document.createElement(name), props, children);
}

/** An element of SVG. */
function s(name, props, ...children) {
  return fill(document.createElementNS(SVG, name), props, children);
}

function unseen(...children) {
  return h("span", { class: "unseen" }, children);
}

/** Text of the corpus: kept apart from the direction of what stands around it. */
function said(text, props) {
  return h("bdi", props, text);
}

function link(href, children, props) {
  return h("a", { href, ...props }, children);
}

let nextId = 0;
function fresh(stem) {
  nextId += 1;
  return `${stem}-${nextId}`;
}

let telling = 0;
/** Tell a screen reader, once the typing has stopped. */
function tell(text) {
  clearTimeout(telling);
  telling = setTimeout(() => {
    document.getElementById("live").textContent = text;
  }, 400);
}

/** Draws again whenever the width of its place changes; the drawing is given the width. */
function drawn(draw, props) {
  const place = h("div", { class: "drawn", ...props });
  let width = 0;
  new ResizeObserver(() => {
    const now = Math.floor(place.clientWidth);
    if (!now || now === width) return;
    width = now;
    place.replaceChildren(draw(width));
  }).observe(place);
  return place;
}

function para(...children) {
  return h("p", null, children);
}

function quiet(...children) {
  return h("p", { class: "quiet" }, children);
}

function note(...children) {
  return h("p", { class: "note" }, children);
}

function panel(heading, ...children) {
  return h("section", { class: "panel" }, h("h2", null, heading), children);
}

function section(heading, ...children) {
  return h("section", null, h("h2", null, heading), children);
}

function items(props, children) {
  return h(
    "ul",
    props,
    children.map((child) => h("li", null, child)),
  );
}
