// Three strips of cells: the input, the kernel below the place that it reads, and the output, which can be chosen from.

import { legible } from "../shared/legible.js";
import { decimal } from "../shared/numbers.js";
import { select } from "d3-selection";

const CELL = 46;
const HEIGHT = 50; // on a phone still 44 pixels
const LEFT = 4;
const ROWS = { input: 20, kernel: 104, output: 176 };
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

/**
 * `onChoose(position)` is called with a position counted from 1. `show(state)` takes
 *   inputs, kernel, outputs   the numbers
 *   position                  the chosen output
 *   all                       whether all outputs count
 *   label                     what a screen reader says of the picture
 */
export function strips({ onChoose }) {
  const svg = select(document.createElementNS("http://www.w3.org/2000/svg", "svg"))
    .attr("class", "dtr-plot dtr-strips")
    .attr("role", "group");
  const fit = legible(svg.node());
  const lines = svg.append("g").attr("class", "dtr-strip-lines");
  const groups = {
    input: svg.append("g").attr("class", "dtr-strip"),
    kernel: svg.append("g").attr("class", "dtr-strip dtr-strip-kernel"),
    output: svg.append("g").attr("class", "dtr-strip dtr-strip-output"),
  };
  let count = 1;
  let here = 1;
  let wanted = null; // asked for since the last drawing: two keys may fall into one frame
  const choose = (position) => {
    wanted = Math.min(count, Math.max(1, position));
    onChoose(wanted);
    requestAnimationFrame(() => (wanted = null));
  };
  groups.output
    .attr("tabindex", 0)
    .attr("role", "slider")
    .attr("aria-label", "Chosen output: the arrow keys move it")
    .attr("aria-valuemin", 1)
    .on("keydown", (event) => {
      const ends = { Home: 1, End: count }[event.key];
      if (!(event.key in STEPS) && ends === undefined) return;
      event.preventDefault();
      choose(ends ?? (wanted ?? here) + STEPS[event.key]);
    });

  const draw = (name, values, letter, shift, lit) => {
    const cell = groups[name]
      .selectAll("g")
      .data(values)
      .join((enter) => {
        const made = enter.append("g");
        made.append("rect").attr("width", CELL).attr("height", HEIGHT);
        made.append("text").attr("class", "dtr-strip-value").attr("x", CELL / 2).attr("y", HEIGHT / 2);
        const symbol = made.append("text").attr("class", "dtr-strip-name").attr("x", CELL / 2).attr("y", name === "output" ? HEIGHT + 15 : -6);
        symbol.append("tspan");
        symbol.append("tspan").attr("class", "dtr-strip-index").attr("dy", 3);
        return made;
      })
      .attr("transform", (_, i) => `translate(${LEFT + (i + shift) * CELL},${ROWS[name]})`)
      .classed("dtr-lit", (_, i) => lit(i));
    cell.select(".dtr-strip-value").text((value) => decimal(value, name === "output" ? 2 : 1));
    cell.select(".dtr-strip-name tspan").text(letter);
    cell.select(".dtr-strip-index").text((_, i) => i + 1);
    return cell;
  };

  return {
    element: svg.node(),
    show({ inputs, kernel, outputs, position, all, label }) {
      count = outputs.length;
      here = position;
      const middle = (kernel.length - 1) / 2; // an output stands below the middle of what it reads
      svg.attr("viewBox", `0 0 ${inputs.length * CELL + 2 * LEFT} ${ROWS.output + HEIGHT + 24}`).attr("aria-label", label);
      fit();
      const first = position - 1;
      const reads = (i) => i >= first && i < first + kernel.length;
      draw("input", inputs, "y", 0, (i) => all || reads(i));
      draw("kernel", kernel, "w", first, () => true);
      draw("output", outputs, "u", middle, (i) => all || i === first)
        .style("cursor", "pointer")
        .on("click", (event) => choose(groups.output.selectAll("g").nodes().indexOf(event.currentTarget) + 1));
      groups.output
        .attr("aria-valuemax", count)
        .attr("aria-valuenow", position)
        .attr("aria-valuetext", `output ${position} of ${count}, ${decimal(outputs[first], 2)}`);
      const centre = (i) => LEFT + (i + 0.5) * CELL;
      const chosen = all ? outputs.map((_, i) => i) : [first];
      const paths = chosen.flatMap((i) =>
        kernel.map((_, j) => ({
          own: i === first,
          path: all
            ? `M${centre(i + j)},${ROWS.input + HEIGHT}L${centre(i + middle)},${ROWS.output}`
            : `M${centre(i + j)},${ROWS.kernel + HEIGHT}L${centre(i + middle)},${ROWS.output}M${centre(i + j)},${ROWS.input + HEIGHT}V${ROWS.kernel}`,
        })),
      );
      lines
        .selectAll("path")
        .data(paths)
        .join("path")
        .attr("d", ({ path }) => path)
        .classed("dtr-strip-own", ({ own }) => own);
    },
  };
}
