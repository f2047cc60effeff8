import type { EventLog } from "../kit/event-log.ts";
import { BadRequest, readBody, type Exchange } from "../kit/http.ts";
import { isObject, type JsonObject } from "../kit/json.ts";
import { AREAS, type MapArea, type MapObject, OBJECTS } from "./auckland.data.ts";

/** Ways in which the two services say no; `remark` is Overpass' own: a 200 with a part of the answer. */
const FAULTS = ["429", "504", "403", "remark", "html"] as const;
type FaultKind = (typeof FAULTS)[number];
const TARGETS = ["nominatim", "overpass"] as const;
type Target = (typeof TARGETS)[number];

const EARTH_M = 6_371_009;
const LONGEST_BODY = 100_000;
const LICENCE = "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright";
const REMARK = 'runtime error: Query timed out in "query" at line 1 after 26 seconds.';

/** On a plane that touches the sphere: true to a metre within a city. */
function metresBetween(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const radians = Math.PI / 180;
  return EARTH_M * Math.hypot((b.lat - a.lat) * radians, (b.lon - a.lon) * radians * Math.cos(a.lat * radians));
}

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

function nominatimView({ name, kind, id, lat, lon, city }: MapArea): JsonObject {
  const isShop = kind === "shop";
  return {
    place_id: id, licence: LICENCE, osm_type: isShop ? "node" : "relation", osm_id: id, lat: String(lat), lon: String(lon),
    category: isShop ? "shop" : "boundary", type: isShop ? "plumber" : "administrative", place_rank: isShop ? 30 : 20, importance: isShop ? 0.01 : 0.4, addresstype: kind,
    name, display_name: [name, ...(kind === "city" ? [] : [city]), "New Zealand / Aotearoa"].join(", "),
    address: { [kind]: name, city, country: "New Zealand / Aotearoa", country_code: "nz" },
    boundingbox: [lat - 0.01, lat + 0.01, lon - 0.01, lon + 0.01].map(String),
  };
}

/** What the parts of a search, separated by commas, all fit: the name first, then where it is. */
function searched(query: URLSearchParams): JsonObject[] {
  const [name = "", ...where] = plain(query.get("q") ?? "").split(",").map((part) => part.trim());
  const countries = query.get("countrycodes")?.split(",") ?? ["nz"];
  if (!countries.includes("nz")) return [];
  return AREAS.filter((area) => plain(area.name) === name && where.every((part) => part === plain(area.city) || part === "new zealand")).slice(0, Number(query.get("limit") ?? "10")).map(nominatimView);
}

const overpassView = ({ type, id, lat, lon, tags }: MapObject): JsonObject => (type === "node" ? { type, id, lat, lon, tags } : { type, id, center: { lat, lon }, tags });

/** The part of Overpass QL that is understood: unions of `nwr["key"="value"](around:m,lat,lon);`, each put out with its tags. */
function found(query: string): JsonObject[] | null {
  const unions = [...query.matchAll(/\(((?:nwr[^;]*;)+)\);out center tags (\d+);/g)];
  if (!query.startsWith("[out:json]") || unions.length === 0) return null;
  const elements: JsonObject[] = [];
  for (const [, union = "", most = "1000"] of unions) {
    const wanted = [...union.matchAll(/nwr\["([^"]+)"="([^"]+)"\]\(around:(\d+),(-?[\d.]+),(-?[\d.]+)\);/g)].map(([, key = "", value, metres, lat, lon]) => ({ key, value, metres: Number(metres), at: { lat: Number(lat), lon: Number(lon) } }));
    if (wanted.length === 0) return null;
    elements.push(...OBJECTS.filter((object) => wanted.some(({ key, value, metres, at }) => object.tags[key] === value && metresBetween(at, object) <= metres)).slice(0, Number(most)).map(overpassView));
  }
  return elements;
}

/** The map's stand-in: Nominatim's search and Overpass' interpreter, under `/osm/`, with a corner of Auckland in it. */
export class OsmApi {
  readonly #log: EventLog;
  readonly #faults = new Map<Target, { kind: FaultKind; times: number }>();

  constructor({ log }: { log: EventLog }) {
    this.#log = log;
  }

  clear(): void {
    this.#faults.clear();
  }

  /** Replaces the faults that are named (`{overpass: {kind, times?}}`); null ends one. */
  setFaults(input: unknown): void {
    if (!isObject(input)) throw new BadRequest("Faults are an object.");
    for (const [name, fault] of Object.entries(input)) {
      const target = TARGETS.find((one) => one === name);
      if (target === undefined) throw new BadRequest(`There is no target ${JSON.stringify(name)}; there are: ${TARGETS.join(", ")}.`);
      if (fault === null) {
        this.#faults.delete(target);
        continue;
      }
      const kind = isObject(fault) ? FAULTS.find((one) => one === String(fault["kind"])) : undefined;
      if (!isObject(fault) || kind === undefined) throw new BadRequest(`kind is one of: ${FAULTS.join(", ")}.`);
      this.#faults.set(target, { kind, times: typeof fault["times"] === "number" ? fault["times"] : Number.MAX_SAFE_INTEGER });
    }
  }

  async handle(exchange: Exchange): Promise<void> {
    const { request, response, url, method } = exchange;
    const target: Target = url.pathname.startsWith("/osm/api/") ? "overpass" : "nominatim";
    const entry = this.#log.append("request", { vendor: target, method, path: url.pathname, agent: request.headers["user-agent"] ?? null, status: null });
    const send = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      entry["status"] = status;
      const text = typeof body === "string" ? body : JSON.stringify(body);
      response.writeHead(status, { "Content-Type": typeof body === "string" ? "text/html" : "application/json", "Content-Length": Buffer.byteLength(text), ...headers });
      response.end(text);
    };
    // Both refuse whoever does not say who they are, or says only what library they use.
    if (!/^(?!node|undici|curl|python|Mozilla)\S+\/.*\+https?:/.test(request.headers["user-agent"] ?? "")) {
      send(403, "<h1>Access blocked</h1><p>You have violated the usage policy: please identify your application.</p>");
      return;
    }
    const fault = this.#take(target);
    if (fault === "html") send(200, "<html><body>Welcome to the hotel's network</body></html>");
    else if (fault === "429") send(429, "<p>Too many requests</p>", { "Retry-After": "2" });
    else if (fault === "504" || fault === "403") send(Number(fault), `<p>${fault}</p>`);
    else if (target === "nominatim") send(200, searched(url.searchParams));
    else await this.#interpret(exchange, send, fault === "remark");
  }

  async #interpret({ request, method, url }: Exchange, send: (status: number, body: unknown) => void, cutShort: boolean): Promise<void> {
    const body = method === "POST" ? (await readBody(request, LONGEST_BODY)).toString("utf8") : url.search;
    const elements = found(new URLSearchParams(body).get("data") ?? "");
    if (elements === null) {
      send(400, "<p><strong>Error</strong>: line 1: parse error: Unknown type</p>");
      return;
    }
    const osm3s = { timestamp_osm_base: "2026-11-25T20:00:00Z", copyright: "The data included in this document is from www.openstreetmap.org. The data is made available under ODbL." };
    send(200, { version: 0.6, generator: "Overpass API 0.7.62.8 e802775f", osm3s, elements: cutShort ? elements.slice(0, 1) : elements, ...(cutShort ? { remark: REMARK } : {}) });
  }

  #take(target: Target): FaultKind | undefined {
    const fault = this.#faults.get(target);
    if (fault === undefined || fault.times <= 0) return undefined;
    fault.times -= 1;
    return fault.kind;
  }
}

/** `/osm/search` and `/osm/api/interpreter`: what NOMINATIM_API_URL and OVERPASS_API_URL are set to is `{sandbox}/osm`. */
export const isOsmPath = (pathname: string): boolean => pathname === "/osm/search" || pathname === "/osm/api/interpreter";
