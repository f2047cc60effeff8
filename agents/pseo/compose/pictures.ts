import { escapeHtml } from "../../../core/security/html.ts";

/** A picture with the address that it has on the target. */
export interface Picture {
  url: string;
  /** Narrower copies that the target serves. */
  sizes: readonly { width: number; url: string }[];
  width: number;
  height: number;
  alt: string;
  caption: string | null;
}

/** A map besides says what its numbers stand for, so that it can be read without seeing it. */
export interface MapPicture extends Picture {
  anchors: readonly { name: string; distance_km: number }[];
}

/** The licence of OpenStreetMap's data asks for it wherever they are shown (ODbL 4.3; osmfoundation.org, attribution guidelines). */
const OSM_ATTRIBUTION = `<a href="https://www.openstreetmap.org/copyright" rel="license noopener">© OpenStreetMap contributors</a>`;

/** The column of text is 44rem wide; below that a picture is as wide as the screen. */
const SIZES = "(max-width: 46rem) 100vw, 44rem";

const img = ({ url, sizes, width, height, alt }: Picture): string => {
  const copies = [...sizes].filter((copy) => copy.width < width).sort((a, b) => a.width - b.width);
  const srcset = copies.length === 0 ? "" : ` srcset="${escapeHtml([...copies, { width, url }].map((copy) => `${copy.url} ${copy.width}w`).join(", "))}" sizes="${SIZES}"`;
  return `<img src="${escapeHtml(url)}"${srcset} width="${width}" height="${height}" alt="${escapeHtml(alt)}" loading="lazy" decoding="async">`;
};

export const photoFigure = (photo: Picture): string => `<figure>${img(photo)}${photo.caption === null ? "" : `<figcaption>${escapeHtml(photo.caption)}</figcaption>`}</figure>`;

/** Metres below one kilometre, to the nearest ten; then kilometres to a tenth. */
export const distanceText = (km: number): string => (km < 0.995 ? `${Math.max(10, Math.round(km * 100) * 10)} m` : `${km.toFixed(1)} km`);

export const mapFigure = (map: MapPicture): string => {
  const list = map.anchors.map(({ name, distance_km }) => `<li>${escapeHtml(name)}, ${distanceText(distance_km)}</li>`).join("");
  return `<figure>${img(map)}<figcaption>${map.caption === null ? "" : `${escapeHtml(map.caption)} `}Distances are straight lines. ${OSM_ATTRIBUTION}.${list === "" ? "" : `<ol>${list}</ol>`}</figcaption></figure>`;
};
