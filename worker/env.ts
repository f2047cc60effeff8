import { z } from "zod";
import { parseDsn } from "../core/observe/sentry.ts";
import { hostOf, isBelow, isHostName } from "../core/web/host-names.ts";
import { sha256Hex } from "../core/security/constant-time.ts";

/** Text secrets and settings, as API.md "Environment" names them; bindings are typed by wrangler. */
const settingsSchema = z.object({
  APEX_ENV: z.enum(["local", "production"]).default("production"),
  /** `on`: closed for all but the operator, while a database is restored. */
  APEX_MAINTENANCE: z.enum(["on", "off"]).default("off"),
  APEX_CLOCK_OFFSET_S: z.coerce.number().default(0),
  APEX_JWT_SECRET: z.string().optional(),
  APEX_KMS_KEY: z.string().optional(),
  /** Without a slash at its end, whoever typed one: paths are put behind it. */
  PUBLIC_API_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, "")).optional(),
  /** What `npm run deploy` released: the commit that was built. It may stand behind a `+` in a semantic version. */
  APEX_RELEASE: z.string().regex(/^[0-9A-Za-z-]{1,64}$/).optional(),
  /** This region, and where each region's API is (`oc=https://oc.api…, weur=https://…`); neither where there is one only. */
  APEX_REGION: z.string().regex(/^[a-z]{2,12}$/).optional(),
  APEX_REGIONS: z.string().default("").transform((list, context) => {
    const pairs = list.split(",").map((pair) => pair.trim()).filter((pair) => pair !== "").map((pair) => /^([a-z]{2,12})=(https?:\/\/\S+?)\/*$/.exec(pair));
    if (pairs.includes(null)) context.addIssue({ code: "custom", message: "must be a list such as oc=https://oc.api.example, weur=https://weur.api.example" });
    return new Map(pairs.flatMap((pair) => (pair?.[1] === undefined || pair[2] === undefined ? [] : [[pair[1], pair[2]] as const])));
  }),
  /** Where durable objects are made: a promise to keep to a jurisdiction, or a hint (durable/placement.ts). Empty: near whoever asks first. */
  OBJECT_JURISDICTION: z.literal("eu").optional(),
  OBJECT_LOCATION: z.enum(["wnam", "enam", "weur", "eeur", "apac", "oc"]).optional(),
  DEFAULT_PROJECT_ID: z.string().optional(),
  GOOGLE_API_KEY: z.string().default(""),
  TWILIO_ACCOUNT_SID: z.string().default(""),
  TWILIO_AUTH_TOKEN: z.string().default(""),
  TWILIO_PHONE_NUMBER: z.string().default(""),
  TWILIO_CALLS_PER_SECOND: z.coerce.number().positive().max(10_000).default(1),
  TWILIO_API_BASE_URL: z.url().default("https://api.twilio.com"),
  GEMINI_API_BASE_URL: z.url().default("https://generativelanguage.googleapis.com"),
  SEARCH_CONSOLE_API_BASE_URL: z.url({ protocol: /^https?$/ }).default("https://searchconsole.googleapis.com").transform((url) => url.replace(/\/+$/, "")),
  GOOGLE_TOKEN_URL: z.url({ protocol: /^https?$/ }).default("https://oauth2.googleapis.com/token"),
  /** The service's own address, or that of its `/search` and `/interpreter`. */
  /** Without it nobody asks Google Places, whatever a DNA says. */
  GOOGLE_PLACES_API_KEY: z.string().default(""),
  GOOGLE_PLACES_API_URL: z.url({ protocol: /^https?$/ }).default("https://places.googleapis.com").transform((url) => url.replace(/\/+$/, "")),
  NOMINATIM_API_URL: z.url({ protocol: /^https?$/ }).default("https://nominatim.openstreetmap.org"),
  OVERPASS_API_URL: z.url({ protocol: /^https?$/ }).default("https://overpass-api.de"),
  /** From one request to the next, of all tenants, at each of the two. Theirs is a second for the whole application; three regions keep a pace each. */
  OSM_INTERVAL_MS: z.coerce.number().int().min(0).max(60_000).default(3_500),
  /** Calls and texts in 24 hours of a tenant that is not verified (not in local use). */
  UNVERIFIED_CONTACTS_PER_DAY: z.coerce.number().int().min(0).max(1000).default(3),
  /** Mail by Resend; without key or sender none is sent, and what needs one says so. */
  RESEND_API_KEY: z.string().default(""),
  /** `Name <address@domain>`, of a domain that is verified with Resend. */
  MAIL_FROM: z.string().default(""),
  MAIL_API_BASE_URL: z.url({ protocol: /^https?$/ }).default("https://api.resend.com").transform((url) => url.replace(/\/+$/, "")),
  /** Whose `hunt+…@` addresses Cloudflare's Email Routing hands to this Worker; empty: there are none. */
  HUNT_MAIL_DOMAIN: z.string().trim().toLowerCase().regex(/^(?:[a-z0-9-]+\.)+[a-z]{2,}$/, "must be a domain, e.g. mail.example.com").or(z.literal("")).default(""),
  /** The operator's own secret; without it there is no operator's door. */
  APEX_OPERATOR_SECRET: z.string().min(32).optional(),
  /** Whom the service's own alerts are told to: a mail address, an address that takes a POST of JSON. Without either, the log has them. */
  ALERT_MAIL_TO: z.string().default(""),
  ALERT_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Asked after each sweep (a GET); whoever is behind it tells the operator when it is asked no more. Its path is a secret as a rule. */
  HEARTBEAT_URL: z.url({ protocol: /^https$/ }).optional(),
  /** Phones that get a text of each alert, separated by commas. */
  ALERT_SMS_TO: z
    .string()
    .default("")
    .transform((list) => list.split(",").map((phone) => phone.trim()).filter((phone) => phone !== ""))
    .refine((phones) => phones.every((phone) => /^\+[1-9]\d{6,14}$/.test(phone)), "must be phone numbers in E.164 form, separated by commas"),
  /** Dollars that all tenants together may cost in a day (UTC) before it is an alert, by our ledger; without it, none is. */
  ALERT_DAILY_SPEND_USD: z.coerce.number().positive().optional(),
  /** Where errors go besides the log: a project's DSN at Sentry, or at whatever speaks its protocol. */
  SENTRY_DSN: z.string().optional().refine((dsn) => dsn === undefined || parseDsn(dsn) !== null, "must be https://<key>@<host>/<project>"),
  /** Origins whose pages may call the API from a browser, separated by commas. */
  DASHBOARD_ORIGINS: z.string().default("").transform((list) => list.split(",").map((origin) => origin.trim().replace(/\/+$/, "")).filter((origin) => origin !== "")),
  /** Where names of tenants' addresses are looked up; `off`: judged by their text alone (local only). */
  DOH_URL: z.union([z.literal("off"), z.url({ protocol: /^https?$/ })]).default("https://cloudflare-dns.com/dns-query"),
  /** `host:port` list that fetching of tenants' addresses may reach although it is private (local only). */
  EGRESS_ALLOW_HOSTS: z.string().default(""),
  /** Below it projects have host names for their hosted pages: a domain of its own, with a wildcard record and route. Empty: no pages are served. */
  PAGES_HOST_SUFFIX: z.union([z.literal(""), z.string().refine(isHostName, "must be a host name such as apex-pages.example")]).optional(),
  /** Host names at which the API answers besides PUBLIC_API_URL's and the dashboard's, separated by commas. */
  API_HOSTS: z.string().default("").transform((list) => list.split(",").map((host) => host.trim().toLowerCase()).filter((host) => host !== "")),
});

export type Settings = z.infer<typeof settingsSchema> & { APEX_JWT_SECRET: string; APEX_KMS_KEY: string; PUBLIC_API_URL: string; PAGES_HOST_SUFFIX: string };

/** An empty line in .dev.vars means "not set". */
const withoutEmpty = (env: object): Record<string, unknown> => Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));

/**
 * On a developer's machine a short or missing secret is stretched to a usable one, so that trying things out needs no
 * ceremony. Never in production.
 */
const localSecret = (value: string | undefined, name: string): string => (value !== undefined && value.length >= 16 ? value : sha256Hex(`local:${name}:${value ?? ""}`));

/**
 * Reads the settings once per isolate.
 * @throws Error that names every variable that is wrong; what is for local use only is refused in production
 */
export const readSettings = (env: object): Settings => {
  const parsed = settingsSchema.safeParse(withoutEmpty(env));
  if (!parsed.success) throw new Error(`Misconfigured: ${parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ")}`);
  const settings = parsed.data;
  if (settings.APEX_ENV === "local") {
    return {
      ...settings,
      APEX_JWT_SECRET: localSecret(settings.APEX_JWT_SECRET, "jwt"),
      APEX_KMS_KEY: localSecret(settings.APEX_KMS_KEY, "kms"),
      PUBLIC_API_URL: settings.PUBLIC_API_URL ?? "http://127.0.0.1:8787",
      PAGES_HOST_SUFFIX: settings.PAGES_HOST_SUFFIX ?? "pages.localhost",
    };
  }
  const { APEX_JWT_SECRET, APEX_KMS_KEY, PUBLIC_API_URL } = settings;
  const missing = Object.entries({ APEX_JWT_SECRET, APEX_KMS_KEY, PUBLIC_API_URL }).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (APEX_JWT_SECRET === undefined || APEX_KMS_KEY === undefined || PUBLIC_API_URL === undefined) throw new Error(`Misconfigured: ${missing.join(", ")} must be set in production.`);
  if (settings.APEX_CLOCK_OFFSET_S !== 0) throw new Error("Misconfigured: APEX_CLOCK_OFFSET_S is for local use only.");
  if (settings.OSM_INTERVAL_MS < 1000) throw new Error("Misconfigured: OSM_INTERVAL_MS must be 1000 or more in production; OpenStreetMap's services refuse who asks more often.");
  for (const [name, isSet] of Object.entries({ EGRESS_ALLOW_HOSTS: settings.EGRESS_ALLOW_HOSTS !== "", DOH_URL: settings.DOH_URL === "off" })) {
    if (isSet) throw new Error(`Misconfigured: ${name} is for local use only.`);
  }
  const PAGES_HOST_SUFFIX = settings.PAGES_HOST_SUFFIX ?? "";
  const api = hostOf(new URL(PUBLIC_API_URL));
  // What tenants write must never be served where the API and its cookies are.
  if (api === PAGES_HOST_SUFFIX || isBelow(api, PAGES_HOST_SUFFIX)) throw new Error("Misconfigured: PUBLIC_API_URL must not be below PAGES_HOST_SUFFIX.");
  return { ...settings, APEX_JWT_SECRET, APEX_KMS_KEY, PUBLIC_API_URL, PAGES_HOST_SUFFIX };
};
