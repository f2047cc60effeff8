import type { LatestLead } from "../../core/memory/connections.store.ts";

export const CONNECTIONS = ["google_ads", "website_form", "phone_number", "wordpress"] as const;
export type ConnectionName = (typeof CONNECTIONS)[number];

/** `missing`: nothing is known of it. `set_up`: a person has given what it takes. `tested`: the vendor's own test came. `connected`: a lead came by it. */
export const CONNECTION_STATES = ["missing", "set_up", "tested", "connected"] as const;

export interface Connection {
  connection: ConnectionName;
  state: (typeof CONNECTION_STATES)[number];
  /** When the newest lead came by it, ms. */
  at: number | null;
  /** The number, or the site's address. */
  what: string | null;
}

/** How a source is called in a lead's metadata. */
const SOURCES = { google_ads: "google_ads", website_form: "wordpress" } as const;

/** What a project is connected to, by what it has and by what has come. Pure. */
export const connectionsOf = ({ latest, number, site }: { latest: readonly LatestLead[]; number: string | null; site: string | null }): Connection[] => {
  const door = (connection: keyof typeof SOURCES): Connection => {
    const lead = latest.find(({ source }) => source === SOURCES[connection]);
    return { connection, state: lead === undefined ? "missing" : lead.is_test ? "tested" : "connected", at: lead?.at ?? null, what: null };
  };
  const given = (connection: ConnectionName, what: string | null): Connection => ({ connection, state: what === null ? "missing" : "set_up", at: null, what });
  return [door("google_ads"), door("website_form"), given("phone_number", number), given("wordpress", site)];
};
