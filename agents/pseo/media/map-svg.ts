import { escapeHtml } from "../../../core/security/html.ts";
import { distanceText } from "../compose/pictures.ts";
import { type Box, inside, LABEL, type Label, linesOf, overlap, placeLabels } from "./labels.ts";
import { layOut, type MapLayout, type MapSpec, MAP_SIZE } from "./place-map.ts";

/*
 * A map of what we know, and of nothing else: the place, what is around it, and how far. There are no streets and no coast in it, since
 * we have none; rings and a scale say what lies where. Flat colours, so that the PNG is small.
 */

const { width: W, height: H } = MAP_SIZE;
const INK = "#1d2a36";
const FONT = `font-family="Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"`;
const round = (value: number): number => Math.round(value * 10) / 10;
/** Names come from OpenStreetMap, where anybody writes. */
const text = (value: string): string => escapeHtml(value);

const halo = `paint-order="stroke" stroke="#f6f4ee" stroke-width="6" stroke-linejoin="round"`;

/** Round numbers as people write them. */
const lengthText = (km: number): string => (km < 1 ? distanceText(km) : `${km} km`);

const rings = ({ centre, rings: radii, px_per_km }: MapLayout): string =>
  radii
    .toReversed()
    .map((km, at) => `<circle cx="${round(centre.x)}" cy="${round(centre.y)}" r="${round(km * px_per_km)}" fill="${at % 2 === 0 ? "#efece3" : "#f6f4ee"}" stroke="#cfc9b8" stroke-width="2"/>`)
    .join("");

/** On the ring, where it is inside the picture: to the north, else the south, east or west. */
const ringLabels = ({ centre, rings: radii, px_per_km }: MapLayout): { box: Box; svg: string }[] =>
  radii.flatMap((km) => {
    const r = km * px_per_km;
    const [x, y] = [centre.x, centre.y];
    const at = [[x, y - r], [x, y + r], [x - r, y], [x + r, y], [x - r * 0.707, y - r * 0.707], [x + r * 0.707, y - r * 0.707], [x + r * 0.707, y + r * 0.707]].find(([px = 0, py = 0]) => px > 60 && px < W - 60 && py > 70 && py < H - 110);
    if (at === undefined) return [];
    const [px = 0, py = 0] = at;
    const label = lengthText(km);
    const width = label.length * 11 + 18;
    return [{
      box: { x: px - width / 2, y: py - 15, width, height: 30 },
      svg: `<rect x="${round(px - width / 2)}" y="${round(py - 15)}" width="${width}" height="30" rx="15" fill="#fff" stroke="#cfc9b8" stroke-width="1.5"/><text x="${round(px)}" y="${round(py + 6.5)}" font-size="18" fill="#5d5b50" text-anchor="middle">${label}</text>`,
    }];
  });

const scaleBar = ({ scale_km, px_per_km }: MapLayout): string => {
  const length = round(scale_km * px_per_km);
  return `<g transform="translate(28 ${H - 30})"><path d="M0 -10V0H${length}V-10" fill="none" stroke="${INK}" stroke-width="3"/><text x="${length + 12}" y="3" font-size="20" fill="${INK}">${lengthText(scale_km)}</text></g>`;
};

const north = `<g transform="translate(${W - 44} 62)"><circle r="28" fill="#fff" stroke="#cfc9b8" stroke-width="1.5"/><path d="M0 -20L8 4L0 -1L-8 4Z" fill="${INK}"/><text y="22" font-size="17" font-weight="700" fill="${INK}" text-anchor="middle">N</text></g>`;
const attribution = `<text x="${W - 20}" y="${H - 22}" font-size="19" fill="#4b4a42" text-anchor="end" ${halo}>© OpenStreetMap contributors</text>`;

const name = ({ lines, x, y, width, align }: Label): string => {
  const at = { start: x + 4, middle: x + width / 2, end: x + width - 4 }[align];
  return lines.map((line, row) => `<text x="${round(at)}" y="${round(y + LABEL.size + row * LABEL.line)}" text-anchor="${align}" ${halo}>${text(line)}</text>`).join("");
};

/** The place's name above its mark, or wherever else it hides no anchor. */
const placeMark = ({ centre: { x, y }, place }: MapLayout, taken: readonly Box[]): { boxes: Box[]; svg: string } => {
  const shown = linesOf(place);
  const [width, height] = [Math.max(...shown.map((line) => line.length)) * 18 + 8, shown.length * 32 + 4];
  const corners = [[x - width / 2, y - 26 - height], [x - width / 2, y + 26], [x + 28, y - height / 2], [x - 28 - width, y - height / 2], [x - width - 8, y - 26 - height], [x + 8, y - 26 - height]] as const;
  const boxes = corners.map(([left, top]) => ({ x: Math.min(W - 16 - width, Math.max(16, left)), y: top, width, height }));
  const box = boxes.find((one) => inside(one) && !taken.some((other) => overlap(one, other))) ?? boxes.find(inside) ?? { x: 16, y: 16, width, height };
  const label = shown.map((line, at) => `<text x="${round(box.x + width / 2)}" y="${round(box.y + 26 + at * 32)}" text-anchor="middle" ${halo}>${text(line)}</text>`).join("");
  return {
    boxes: [{ x: x - 24, y: y - 24, width: 48, height: 48 }, box],
    svg: `<circle cx="${round(x)}" cy="${round(y)}" r="22" fill="#b3402a" fill-opacity=".18"/><circle cx="${round(x)}" cy="${round(y)}" r="12" fill="#b3402a" stroke="#fff" stroke-width="4"/><g font-size="29" font-weight="700" fill="#8c2f1e">${label}</g>`,
  };
};

/** The map as SVG, with each anchor's number: the same spec, the same picture. */
export const mapSvg = (spec: MapSpec): string => {
  const layout = layOut(spec);
  const corners: Box[] = [{ x: 0, y: H - 64, width: 330, height: 64 }, { x: W - 340, y: H - 56, width: 340, height: 56 }, { x: W - 84, y: 20, width: 84, height: 84 }];
  const points = layout.anchors.map(({ x, y }) => ({ x: x - 19, y: y - 19, width: 38, height: 38 }));
  const mark = placeMark(layout, [...points, ...corners]);
  const blocked = (box: Box): boolean => [...mark.boxes, ...points].some((other) => overlap(box, other));
  const ringNames = ringLabels(layout).filter(({ box }) => !blocked(box));
  const labels = placeLabels(layout.anchors, [...mark.boxes, ...corners, ...ringNames.map(({ box }) => box)]);
  const names = labels.map((label) => (label === null ? "" : name(label))).join("");
  const pins = layout.anchors
    .map(({ x, y }, at) => `<circle cx="${round(x)}" cy="${round(y)}" r="17" fill="#0b5c4a" stroke="#fff" stroke-width="3"/><text x="${round(x)}" y="${round(y + 7.5)}" font-size="21" font-weight="700" fill="#fff" text-anchor="middle">${at + 1}</text>`)
    .join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${W}" height="${H}" viewBox="0 0 ${W} ${H}" ${FONT}><rect width="${W}" height="${H}" fill="#f6f4ee"/>${rings(layout)}${ringNames.map(({ svg }) => svg).join("")}<g font-size="${LABEL.size}" fill="${INK}">${names}</g>${pins}${mark.svg}${scaleBar(layout)}${north}${attribution}<rect x="1" y="1" width="${W - 2}" height="${H - 2}" fill="none" stroke="#cfc9b8" stroke-width="2"/></svg>`;
};

/** What is on the map, for who cannot see it. */
export const mapAlt = (spec: MapSpec): string => {
  const { place, anchors } = layOut(spec);
  const list = anchors.map(({ name, distance_km }) => `${name} (${distanceText(distance_km)})`).join(", ");
  return `Map of ${place} with ${anchors.length === 1 ? "one place" : `${anchors.length} places`} nearby and the straight-line distance to each: ${list}.`;
};

/** As the browser is given it: nothing but the picture, from edge to edge. */
export const mapDocument = (spec: MapSpec): string => `<!doctype html><html><head><meta charset="utf-8"><style>html,body{margin:0;overflow:hidden}svg{display:block}</style></head><body>${mapSvg(spec)}</body></html>`;
