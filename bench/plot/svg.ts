import { type Axis, type Scale, scaleFor, tickLabel } from "./scale.ts";

/** A picture of its own: no script, no font and no library is asked for. */
export interface Plot {
  /** Its file in docs/performance, without `.svg`. */
  name: string;
  /** What it shows, in words: its text for those who cannot see it, too. */
  title: string;
  svg: string;
}

export interface Series {
  name: string;
  /** 0 to 4: its colour. */
  colour: number;
  dashed?: boolean;
  points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 720;
const LINE = 18;
const BOX = { left: 66, right: 20, bottom: 46 } as const;
const PLOT_HEIGHT = 270;
/** More would hide the line. */
const MOST_DOTS = 30;

/** Readable on white and on black: a page shows it by its own ground. */
const STYLE = `<style>
text { font: 12px system-ui, sans-serif; fill: #3d444d }
.title { font-size: 14px; font-weight: 600 } .grid { stroke: #d1d9e0; stroke-width: 1 } .axis { stroke: #818b98; stroke-width: 1 }
.line { fill: none; stroke-width: 2.2; stroke-linejoin: round } .dashed { stroke-dasharray: 6 4 }
.c0 { stroke: #0a66c2; color: #0a66c2 } .c1 { stroke: #b35900; color: #b35900 } .c2 { stroke: #197a3d; color: #197a3d } .c3 { stroke: #8944ab; color: #8944ab } .c4 { stroke: #b3261e; color: #b3261e }
.dot, .bar { fill: currentColor } .bar { stroke: none }
@media (prefers-color-scheme: dark) {
  text { fill: #d1d7e0 } .grid { stroke: #3d444d } .axis { stroke: #9198a1 }
  .c0 { stroke: #6cb6ff; color: #6cb6ff } .c1 { stroke: #f0a35e; color: #f0a35e } .c2 { stroke: #6bc46d; color: #6bc46d } .c3 { stroke: #dcbdfb; color: #dcbdfb } .c4 { stroke: #f47067; color: #f47067 }
}
</style>`;

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const at = (value: number): string => value.toFixed(1);

interface Frame {
  x: (value: number) => number;
  y: (value: number) => number;
  bottom: number;
  /** Grid, numbers and labels. */
  drawn: string;
}

const frame = (top: number, across: Scale, up: Scale, labels: { x: string; y: string }): Frame => {
  const bottom = top + PLOT_HEIGHT;
  const [inner, right] = [WIDTH - BOX.left - BOX.right, WIDTH - BOX.right];
  const x = (value: number): number => BOX.left + across.place(value) * inner;
  const y = (value: number): number => bottom - up.place(value) * PLOT_HEIGHT;
  const rows = up.ticks.map((tick) => `<line class="grid" x1="${BOX.left}" x2="${right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text x="${BOX.left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${tickLabel(tick)}</text>`);
  const columns = across.ticks.map((tick) => `<line class="axis" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${bottom}" y2="${bottom + 4}"/><text x="${at(x(tick))}" y="${bottom + 18}" text-anchor="middle">${tickLabel(tick)}</text>`);
  const names = `<text x="${at(BOX.left + inner / 2)}" y="${bottom + 38}" text-anchor="middle">${escape(labels.x)}</text><text transform="translate(16 ${at(top + PLOT_HEIGHT / 2)}) rotate(-90)" text-anchor="middle">${escape(labels.y)}</text>`;
  return { x, y, bottom, drawn: [...rows, `<line class="axis" x1="${BOX.left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`, ...columns, names].join("\n") };
};

const picture = (title: string, height: number, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(title)}">\n${STYLE}\n<title>${escape(title)}</title>\n<text class="title" x="12" y="22">${escape(title)}</text>\n${parts.join("\n")}\n</svg>\n`;

const legend = (series: readonly Series[]): string =>
  series
    .map(({ name, colour, dashed }, index) => {
      const [x, y] = [BOX.left + (index % 2) * 330, 42 + Math.floor(index / 2) * LINE];
      return `<line class="line c${colour}${dashed === true ? " dashed" : ""}" x1="${x}" x2="${x + 26}" y1="${y}" y2="${y}"/><text x="${x + 33}" y="${y + 4}">${escape(name)}</text>`;
    })
    .join("\n");

/** Lines through points. What is not a number is left out. */
export const linePlot = ({ name, title, x, y, series }: { name: string; title: string; x: Axis; y: Axis; series: readonly Series[] }): Plot => {
  const drawn = series.map((one) => ({ ...one, points: one.points.filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b)) })).filter(({ points }) => points.length > 0);
  const points = drawn.flatMap((one) => one.points);
  const top = 46 + Math.ceil(drawn.length / 2) * LINE;
  const box = frame(top, scaleFor(points.map(([a]) => a), x), scaleFor(points.map(([, b]) => b), y), { x: x.label, y: y.label });
  const lines = drawn.map(({ colour, dashed, points: own }) => {
    const places = own.map(([a, b]) => [at(box.x(a)), at(box.y(b))] as const);
    const path = `<path class="line c${colour}${dashed === true ? " dashed" : ""}" d="M${places.map((place) => place.join(" ")).join(" L")}"/>`;
    return [path, ...(places.length > MOST_DOTS ? [] : places).map(([a, b]) => `<circle class="dot c${colour}" cx="${a}" cy="${b}" r="3"/>`)].join("\n");
  });
  return { name, title, svg: picture(title, box.bottom + BOX.bottom, [legend(drawn), box.drawn, ...lines]) };
};

/** How many values fall between one bound and the next. */
export const histogramPlot = ({ name, title, x, y, values, bars = 40 }: { name: string; title: string; x: Axis; y: Axis; values: readonly number[]; bars?: number }): Plot => {
  const across = scaleFor(values, x);
  const counts = new Array<number>(bars).fill(0);
  for (const value of values) {
    const bar = Math.min(bars - 1, Math.max(0, Math.floor(across.place(value) * bars)));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  const box = frame(40, across, scaleFor(counts, y), { x: x.label, y: y.label });
  const width = (WIDTH - BOX.left - BOX.right) / bars;
  const drawn = counts.map((number, index) => `<rect class="bar c0" x="${at(BOX.left + index * width + 0.5)}" y="${at(box.y(number))}" width="${at(width - 1)}" height="${at(Math.max(0, box.bottom - box.y(number)))}"/>`);
  return { name, title, svg: picture(title, box.bottom + BOX.bottom, [box.drawn, ...drawn]) };
};
