import { parseArgs } from "node:util";
import { BUSINESSES } from "../../../sandbox/websites/businesses.data.ts";
import { StartError } from "../worker-process.ts";

export const USAGE = `npm run onboard -- --name NAME --niche TRADE --country NZ --phone NUMBER [--website URL] [--email ADDRESS]
                  [--map-listing URL] [--project-id ID] [--port N | --url URL]
npm run onboard -- --demo SITE [--port N] [--sandbox-port N]

  --phone NUMBER     whom leads ring; no page and no model can name another
  --website URL      what is read (robots.txt and all); without one the trade's own words are used
  --project-id ID    default: made of the name
  --port N, --url U  where Apex answers (default http://127.0.0.1:8787). If nothing answers on the port, it is started here,
                     with the sandbox, and ends with Ctrl-C
  --demo SITE        one of the sandbox's websites (${Object.keys(BUSINESSES).join(", ")}), with a first lead at the end

Against another service than the local demo, APEX_TOKEN holds a token with runs:write and dna:write. It is never an argument:
those are seen by others.`;

export interface OnboardOptions {
  params: { business_name: string; niche: string; country: string; phone: string; email?: string; website?: string; map_listing_url?: string };
  projectId: string | undefined;
  /** One of the sandbox's websites; then `params.website` is yet to be set. */
  demo: string | undefined;
  url: string | undefined;
  port: number;
  sandboxPort: number;
}

const portOf = (flag: string, text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new StartError(`${flag} must be a number from 1 to 65535, not "${text}".`);
  return port;
};

/** A project's id, made of a name and something that others do not have. */
export const projectIdFor = (name: string, tag: string): string =>
  `${name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 50) || "business"}-${tag}`;

/**
 * Reads the flags of `npm run onboard`.
 * @throws StartError in words for whoever typed them, TypeError (`ERR_PARSE_ARGS_…`) for an unknown flag
 */
export const readOnboardOptions = (args: string[]): OnboardOptions | "help" => {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args,
    options: { name: text, niche: text, country: text, phone: text, email: text, website: text, "map-listing": text, "project-id": text, demo: text, url: text, port: { type: "string", default: "8787" }, "sandbox-port": { type: "string", default: "8790" }, help: { type: "boolean", default: false } },
  });
  if (values.help) return "help";
  const known = values.demo === undefined ? undefined : BUSINESSES[values.demo];
  if (values.demo !== undefined && known === undefined) throw new StartError(`--demo must be one of: ${Object.keys(BUSINESSES).join(", ")}.`);
  const given = { business_name: values.name ?? known?.business_name, niche: values.niche ?? known?.niche, country: values.country ?? known?.country, phone: values.phone ?? known?.phone };
  const { business_name, niche, country, phone } = given;
  if (business_name === undefined || niche === undefined || country === undefined || phone === undefined) throw new StartError(`--name, --niche, --country and --phone are needed, or --demo.\n\n${USAGE}`);
  return {
    params: {
      business_name, niche, country, phone,
      ...(values.email === undefined ? {} : { email: values.email }),
      ...(values.website === undefined ? {} : { website: values.website }),
      ...(values["map-listing"] === undefined ? {} : { map_listing_url: values["map-listing"] }),
    },
    projectId: values["project-id"],
    demo: values.demo,
    url: values.url?.replace(/\/+$/, ""),
    port: portOf("--port", values.port),
    sandboxPort: portOf("--sandbox-port", values["sandbox-port"]),
  };
};
