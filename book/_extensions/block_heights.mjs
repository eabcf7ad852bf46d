// How high the blocks of a finished page will be, told before a browser lays them out (book.css: what is far from the
// window). A reckoning on the text: how many lines its letters fill, how high the struts of its formulas are. It need
// not be exact, since each block is laid out before it is seen; it keeps the scroll bar honest.

import { parseDocument } from "htmlparser2";

/** The article's column and the width of a letter, in pixels: on a telephone and on a desk. */
const LAYOUTS = [
  { name: "--phone", width: 328, isPhone: true },
  { name: "--desk", width: 688, isPhone: false },
];
const AT_ONCE = 1600; // pixels at the head of a page on a desk that are laid out in any case: a first screen moves nothing
const LETTER = 0.53; // of the size of the letters, on average
const LETTER_OF_FORMULA = 0.62;
const LETTER_OF_CODE = 0.602;
const CODE = { size: 13.28, line: 16.6, padding: 32 };

// What stands in a section and is left out while it is far; headings stay, but for those of known mistakes, each an
// article, and so do places of figures (heights.css), rows that have rules of their own, and the list of mistakes.
const LATE = new Set(["p", "div", "ul", "ol", "dl", "blockquote", "article"]);
const NEVER = (node) =>
  "data-widget" in node.attribs || ["ledger", "mistakes", "tag_notation-table"].some((name) => has(node, name));
const INLINE = new Set(["a", "abbr", "b", "button", "cite", "code", "em", "i", "kbd", "label", "q", "s", "small", "span", "strong", "sub", "sup", "u", "var"]);
const UNSEEN = [
  "katex-mathml", "derivation-how", "derivation-heard", "headerlink", "eqno",
];
const OUTSIDE = new Set(["script", "style", "template", "annotation"]);

// Margins and paddings above and below, the room they take at both sides, and the letters, in pixels.
const BOXES = [
  [(node) => node.name === "details", {}],
  [(node) => has(node, "reading-time"), { margin: [-8, 18.4], size: 15.2 }],
  [(node) => has(node, "derivation-title"), { margin: [0, 6], extra: 7 }],
  [(node) => has(node, "derivation-where"), { extra: 6, size: 15.3 }],
  [(node) => has(node, "derivation-statement"), { extra: 7 }],
  [(node) => has(node, "derivation-reason"), { size: 15.3, line: 21.4 }],
  [(node) => has(node, "derivation-formula"), { extra: 7 }],
  [(node) => has(node, "derivation"), { margin: [21, 21] }],
  [(node) => has(node, "admonition-title"), { extra: 13 }],
  [(node) => has(node, "mistake-link"), { size: 14.4, line: 23.8 }],
  [(node) => has(node, "mistake-links"), { margin: [2.4, 9.6], size: 14.4, line: 24 }],
  [(node) => has(node, "mistake-claim"), { size: 16.15, line: 26.65 }],
  [(node) => has(node, "mistake-formula"), { extra: 3.2 }],
  [(node) => node.name === "h2" && isOfEntry(node), { size: 17.6, line: 22 }],
  [(node) => node.name === "dd" && isOfEntry(node.parent), {}],
  [(node) => has(node, "mistake"), { margin: [8, 24], extra: 22, sides: 35 }],
  [(node) => has(node, "admonition"), { margin: [26.6, 26.6], extra: 20, sides: 67 }],
  [(node) => has(node, "katex-display"), { margin: [15.3, 15.3], extra: 5 }],
  [(node) => has(node, "cell_output"), { margin: [17, 0], flowRoot: true }],
  [(node) => has(node, "py"), { margin: [0, 48] }],
  [(node) => node.name === "dt" && has(node, "sig"), { extra: 5.4, size: 16.15 }],
  [(node) => node.name === "dt", { margin: [3, 1.6], sides: 8 }],
  [(node) => node.name === "dd", { margin: [3, 0], sides: 32 }],
  [(node) => node.name === "p" && node.parent?.parent?.name === "li", { margin: [0, 4] }],
  [(node) => node.name === "p" && node.parent?.attribs && has(node.parent, "mistake"), { margin: [0, 6.4] }],
  [(node) => node.name === "p" && node.parent?.name !== "li", { margin: [0, 18.4] }],
  [(node) => node.name === "ul" && node.parent?.name === "dd", { sides: 17 }],
  [(node) => (node.name === "ul" || node.name === "ol") && !has(node, "derivation-lines"), { margin: [0, 16], sides: 32 }],
  [(node) => node.name === "table", { margin: [0, 16] }],
];

const has = (node, name) => ` ${node.attribs?.class ?? ""} `.includes(` ${name} `);
const isOfEntry = (node) => has(node.parent, "mistake-entry");
const boxOf = (node) => BOXES.find(([fits]) => fits(node))?.[1] ?? {};
const isUnseen = (node) => OUTSIDE.has(node.name) || UNSEEN.some((name) => has(node, name));
const isElement = (node) => Boolean(node.attribs);
const isInline = (node) => !isElement(node) || (INLINE.has(node.name) && !has(node, "katex-display"));
const childrenOf = (node) => node.children.filter((child) => !isElement(child) || !isUnseen(child));
const find = (node, fits) => {
  for (const child of node.children ?? []) {
    const found = isElement(child) && (fits(child) ? child : find(child, fits));
    if (found) return found;
  }
  return null;
};
const textOf = (node) => node.data ?? (node.children ?? []).map(textOf).join("");

const emOf = (style, property) => parseFloat(style?.match(new RegExp(`(?:^|;)${property}:(-?[\\d.]+)em`))?.[1] ?? 0);

/** Of a formula how wide it is, and how far its tallest strut goes, in the size of the text around it. */
function formula(node) {
  let width = 0;
  let height = 0;
  const visit = (part, scale) => {
    if (part.data !== undefined) {
      width += LETTER_OF_FORMULA * scale * part.data.replace(/[\u200b\s]/g, "").length;
      return;
    }
    const { style } = part.attribs;
    if (has(part, "strut")) height = Math.max(height, emOf(style, "height"));
    width += Math.max(0, emOf(style, "margin-right"));
    for (const child of part.children) visit(child, has(part, "mtight") ? 0.7 : scale);
  };
  visit(node, 1);
  return { width: 1.1 * width, height: 1.1 * height };
}

/** What stands in a line: its width and what its formulas add to the height of lines, in the size of its letters. */
function measureLine(nodes) {
  const line = { width: 0, tallest: 0 };
  const visit = (node, letter) => {
    if (node.data !== undefined) {
      if (node.type === "text") line.width += letter * node.data.replace(/\s+/g, " ").length;
    } else if (node.name === "br") line.width += 10;
    else if (has(node, "katex-html")) {
      const { width, height } = formula(node);
      line.width += width;
      line.tallest = Math.max(line.tallest, height);
    } else if (!isUnseen(node)) {
      for (const child of node.children) visit(child, node.name === "code" ? LETTER_OF_CODE : letter);
    }
  };
  for (const node of nodes) visit(node, LETTER);
  return line;
}

/** The heights of lines of this width. */
function linesHigh(nodes, { width, size, line }) {
  if (nodes.every((node) => textOf(node).trim() === "")) return 0;
  const { width: ems, tallest } = measureLine(nodes);
  const lines = Math.max(1, Math.ceil((ems * size) / width - 0.15));
  // What is taller than a line makes one taller.
  return lines * line + Math.max(0, tallest * size - line + 2);
}

function codeHigh(node) {
  return textOf(node).replace(/\n+$/, "").split("\n").length * CODE.line + CODE.padding;
}

function plotHigh(node, { width, isPhone }) {
  const plots = node.children.filter(({ name }) => name === "svg");
  const plot = plots.find((each) => has(each, isPhone ? "plot-narrow" : "plot-wide")) ?? plots[0];
  const [, , across, down] = (plot?.attribs.viewbox ?? plot?.attribs.viewBox ?? "0 0 1 1").split(/[\s,]+/).map(Number);
  return 17 + ((width - 17) * down) / across;
}

function tableHigh(table, room) {
  const rows = [];
  const collect = (node) => {
    if (node.name === "tr") rows.push(node.children.filter(({ name }) => name === "td" || name === "th"));
    else node.children?.forEach(collect);
  };
  collect(table);
  const cells = rows.map((row) => row.map((cell) => measureLine(cell.children)));
  const columns = [];
  for (const row of cells) row.forEach(({ width }, i) => (columns[i] = Math.max(columns[i] ?? 0, width)));
  const size = 16;
  const total = columns.reduce((sum, width) => sum + width * size + 16, 0);
  const share = Math.min(1, Math.max(room.width, 90 * columns.length) / total);
  const rowHigh = (row) =>
    Math.max(0, ...row.map(({ width, tallest }, i) => {
      const lines = Math.max(1, Math.ceil((width * size) / (columns[i] * size * share + 1) - 0.15));
      return lines * 26 + Math.max(0, tallest * size - 26);
    })) + 17;
  return cells.reduce((sum, row) => sum + rowHigh(row), 0);
}

/** A line of a derivation: formula and reason side by side, or below each other. */
function stepHigh(node, room) {
  const part = (name) => childrenOf(node).find((child) => isElement(child) && has(child, name));
  const high = (name, width) => (part(name) ? blockHigh(part(name), { ...room, width }).height : 0);
  const isBelow = room.isPhone || has(node, "derivation-wide");
  const formulaHigh = high("derivation-formula", 10000);
  const reasonHigh = high("derivation-reason", room.isPhone ? room.width - 125 : isBelow ? room.width - 155 : 245);
  const last = part("derivation-reason") ? Math.max(28, reasonHigh) : 0;
  return 10.2 + (isBelow ? formulaHigh + last : Math.max(formulaHigh, last));
}

/** What is claimed in a known mistake, what is right, and the numbers: beside their names, on a telephone below them. */
function entryHigh(list, room) {
  const [beside, between] = room.isPhone ? [0, 6.4] : [84.3, 5.6];
  const parts = list.children.filter(({ name }) => name === "dd");
  const high = parts.map((part) => {
    const { height } = blockHigh(part, { ...room, width: room.width - beside });
    return room.isPhone ? room.line + height : Math.max(room.line, height);
  });
  return high.reduce((sum, each) => sum + each + between, -between);
}

/** Height and margins of a block. */
function blockHigh(node, outer) {
  const { margin = [0, 0], extra = 0, sides = 0, size = outer.size, line, flowRoot = false } = boxOf(node);
  const room = { ...outer, width: outer.width - sides, size, line: line ?? (size === outer.size ? outer.line : 1.65 * size) };
  const content = () => {
    if (node.name === "details") return { height: 24.3 };
    if (node.name === "pre") return { height: codeHigh(node) };
    if (node.name === "table") return { height: tableHigh(node, room) };
    if (has(node, "plot")) return { height: plotHigh(node, room) };
    if (node.name === "dl" && isOfEntry(node)) return { height: entryHigh(node, room) };
    if (has(node, "derivation-line")) return { height: stepHigh(node, room) };
    if (has(node, "katex-display")) {
      return { height: Math.max(room.line, 17 * formula(find(node, (child) => has(child, "katex-html")) ?? node).height) };
    }
    return flow(childrenOf(node), room);
  };
  const { height, above = 0, below = 0 } = content();
  const [first, last] = flowRoot || extra ? [0, 0] : [above, below];
  return {
    height: height + extra + (flowRoot || extra ? above + below : 0),
    above: Math.max(margin[0], first),
    below: Math.max(margin[1], last),
  };
}

/** Blocks below each other, and the lines between them. Margins collapse. */
function flow(nodes, room) {
  let [height, above, below] = [0, 0, 0];
  let isFirst = true;
  const add = (block) => {
    if (isFirst) above = block.above;
    else height += Math.max(below, block.above);
    height += block.height;
    below = block.below;
    isFirst = false;
  };
  let line = [];
  const end = () => {
    const high = linesHigh(line, room);
    if (high) add({ height: high, above: 0, below: 0 });
    line = [];
  };
  for (const node of nodes) {
    if (isInline(node)) line.push(node);
    else {
      end();
      const block = blockHigh(node, room);
      if (block.height) add(block);
    }
  }
  end();
  return { height, above, below };
}

/** The blocks of a page's sections, but for the first ones: where their tags' names end in its text, and their heights. */
export function blocks(html) {
  const found = [];
  let down = 0;
  const visit = (node, isInArticle) => {
    if (!isElement(node) && node.type !== "root") return;
    for (const child of node.children ?? []) {
      if (!isElement(child)) continue;
      const isBlock = isInArticle && node.name === "section" && LATE.has(child.name) && !child.attribs.style;
      if (isBlock && !NEVER(child) && !find(child, NEVER)) {
        const heights = LAYOUTS.map(({ name, ...layout }) => {
          const { height, above, below } = blockHigh(child, { ...layout, size: 17, line: 28.05 });
          // A box that scrolls keeps the margins of what it holds; a cell has none at its edges.
          const keeps = child.name === "div" && !has(child, "cell") && !has(child, "admonition");
          return [name, height + (keeps ? above + below : 0)];
        });
        down += heights[1][1];
        if (heights[0][1] && down > AT_ONCE) found.push({ at: child.startIndex + 1 + child.name.length, heights });
      } else visit(child, isInArticle || has(child, "bd-article"));
    }
  };
  visit(parseDocument(html, { withStartIndices: true }), false);
  return found;
}

/** The page, each block with its heights. */
export function withHeights(html) {
  let [text, from] = ["", 0];
  for (const { at, heights } of blocks(html)) {
    const style = heights.map(([name, height]) => `${name}:${Math.round(height / 4) / 4}`).join(";");
    text += `${html.slice(from, at)} data-late style="${style}"`;
    from = at;
  }
  return text + html.slice(from);
}
