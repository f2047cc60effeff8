/* Stands in for Nominatim and Overpass on the wire: what they answer is the test's, how they are asked is kept. */

export interface OsmRequest {
  service: "nominatim" | "overpass";
  url: string;
  userAgent: string | null;
  /** What Nominatim was asked for, or the query in Overpass QL. */
  question: string;
}

type Answer = (request: OsmRequest) => Response | Promise<Response>;

export const nominatimPlace = (name: string, over: Record<string, unknown> = {}) => ({
  place_id: 1, licence: "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright", osm_type: "relation", osm_id: 2_094_141, lat: "-36.8553", lon: "174.7437", category: "boundary", type: "administrative",
  place_rank: 20, importance: 0.4, addresstype: "suburb", name, display_name: `${name}, Auckland, New Zealand`, address: { suburb: name, city: "Auckland", country: "New Zealand", country_code: "nz" }, boundingbox: ["-36.86", "-36.84", "174.73", "174.75"], ...over,
});

export const overpassAnswer = (elements: readonly unknown[], remark?: string) => ({
  version: 0.6, generator: "Overpass API 0.7.62.8 e802775f", osm3s: { timestamp_osm_base: "2026-11-25T20:00:00Z", copyright: "The data included in this document is from www.openstreetmap.org. The data is made available under ODbL." },
  elements, ...(remark === undefined ? {} : { remark }),
});

export const createOsmWire = () => {
  const asked: OsmRequest[] = [];
  const next: { service: OsmRequest["service"]; answer: Answer }[] = [];
  let answers: Record<OsmRequest["service"], Answer> = {
    nominatim: ({ question }) => Response.json([nominatimPlace((question.split(",")[0] ?? "").trim())]),
    overpass: () => Response.json(overpassAnswer([])),
  };
  const fetchOf = (service: OsmRequest["service"]) => async (input: string, init: RequestInit): Promise<Response> => {
    const url = new URL(input);
    const request: OsmRequest = { service, url: input, userAgent: new Headers(init.headers).get("User-Agent"), question: service === "nominatim" ? (url.searchParams.get("q") ?? "") : (init.body instanceof URLSearchParams ? (init.body.get("data") ?? "") : "") };
    asked.push(request);
    const at = next.findIndex((one) => one.service === service);
    const [special] = at < 0 ? [] : next.splice(at, 1);
    return (special?.answer ?? answers[service])(request);
  };
  return {
    asked,
    fetchOf,
    /** From now on. */
    answer: (service: OsmRequest["service"], answer: Answer) => void (answers = { ...answers, [service]: answer }),
    /** Once, before all others. */
    once: (service: OsmRequest["service"], answer: Answer) => void next.push({ service, answer }),
    count: (service: OsmRequest["service"]) => asked.filter((one) => one.service === service).length,
  };
};
