// A chart of attempts over time: stacked bars, with axes.

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 200;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 8, 10, 26];

function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A number of at least `most` that is easy to read, and how many steps lead to it: five at most. */
export function scale(most) {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(most, 1) / 5)));
  const step = [1, 2, 5, 10, 20, 50].map((factor) => factor * power).find((size) => size * 5 >= most);
  const steps = Math.max(1, Math.ceil(most / step));
  return [step * steps, steps];
}

/** Draws parts, each from an instant on. `label` names an instant on the axis, `title` in a tooltip. */
export function draw(place, parts, label, title, description) {
  const width = Math.max(place.clientWidth, 260);
  const [top, steps] = scale(Math.max(...parts.map((part) => part.total_attempts)));
  const [plotWidth, plotHeight] = [width - LEFT - RIGHT, HEIGHT - TOP - BOTTOM];
  const y = (count) => TOP + plotHeight - (count / top) * plotHeight;
  const step = plotWidth / parts.length;
  const svg = shape("svg", { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": description });
  for (let at = 0; at <= steps; at += 1) {
    const count = (top / steps) * at;
    svg.append(
      shape("line", { x1: LEFT, x2: width - RIGHT, y1: y(count), y2: y(count), class: at ? "grid" : "axis" }),
      shape("text", { x: LEFT - 8, y: y(count) + 4, "text-anchor": "end" }, count.toLocaleString("en")),
    );
  }
  const every = Math.ceil(parts.length / Math.max(2, Math.floor(plotWidth / 90)));
  parts.forEach((part, index) => {
    const x = LEFT + index * step;
    if (index % every === 0) {
      svg.append(shape("line", { x1: x, x2: x, y1: TOP + plotHeight, y2: TOP + plotHeight + 5, class: "axis" }),
        shape("text", { x, y: HEIGHT - 6, "text-anchor": index === 0 ? "start" : "middle" }, label(part.from)));
    }
    const { total_attempts: total, total_converted: converted } = part;
    const gap = Math.min(2, step / 5);
    for (const [from, until, kind] of [[0, converted, "converted"], [converted, total, "unconverted"]]) {
      if (until === from) continue;
      const bar = shape("rect", { x: x + gap / 2, width: step - gap, y: y(until), height: y(from) - y(until), class: kind });
      bar.append(shape("title", {}, `${title(part.from)}: ${converted} of ${total} converted`));
      svg.append(bar);
    }
  });
  place.replaceChildren(svg);
}
