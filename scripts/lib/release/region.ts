import path from "node:path";
import { unstable_readConfig } from "wrangler";
import { z } from "zod";
import { ROOT } from "../wrangler.ts";

/** One environment of wrangler.toml: all that a region consists of. */
export interface Region {
  /** `oc`, as `--env` takes it. */
  name: string;
  /** The Worker's name. */
  worker: string;
  /** PUBLIC_API_URL: where vendors and tenants reach it. */
  api: string;
  /** The Pages project, and where it is opened. */
  dashboard: { project: string; url: string };
  databases: { binding: string; name: string; id: string }[];
  buckets: { binding: string; name: string }[];
  queues: string[];
  /** Vectorize: the one that serves, and beside it one that a new embedding fills (docs/brand-brain.md). */
  indexes: string[];
  placement: Placement;
}

/**
 * Where its data is to lie. A jurisdiction is a promise (Cloudflare: "guarantees"), a location a wish ("hint"): a region has one of the two.
 */
export type Placement = { jurisdiction: "eu" } | { location: "wnam" | "enam" | "weur" | "eeur" | "apac" | "oc" };

/** What a deployed Worker refuses to start without, or does nothing of use without. */
export const REQUIRED_SECRETS = ["APEX_JWT_SECRET", "APEX_KMS_KEY", "GOOGLE_API_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER"] as const;
/** What it does without, but should not for long: mail, the operator's door, and somebody who is told of alerts and errors, and misses the service when it is gone. */
export const ADVISED_SECRETS = ["APEX_OPERATOR_SECRET", "RESEND_API_KEY", "MAIL_FROM", "ALERT_MAIL_TO", "ALERT_SMS_TO", "ALERT_WEBHOOK_URL", "HEARTBEAT_URL", "SENTRY_DSN"] as const;

export const CONFIG = path.join(ROOT, "wrangler.toml");
export const BACKUP_BINDING = "BACKUPS";

/** How Wrangler, run at the project's root, is told which region is meant. */
export const envArgs = ({ name }: Pick<Region, "name">): string[] => ["--config", "wrangler.toml", "--env", name];

const envSchema = z.object({
  name: z.string(),
  vars: z.object({
    PUBLIC_API_URL: z.url(),
    DASHBOARD_ORIGINS: z.url(),
    OBJECT_JURISDICTION: z.literal("eu").optional(),
    OBJECT_LOCATION: z.enum(["wnam", "enam", "weur", "eeur", "apac", "oc"]).optional(),
  }),
  d1_databases: z.array(z.object({ binding: z.string(), database_name: z.string(), database_id: z.string() })).min(1),
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string(), jurisdiction: z.string().optional() })).min(1),
  queues: z.object({ producers: z.array(z.object({ queue: z.string() })) }),
  vectorize: z.array(z.object({ index_name: z.string() })).min(1),
});

export const regionNames = (config = CONFIG): string[] => {
  const { definedEnvironments = [] } = z.looseObject({ definedEnvironments: z.array(z.string()).optional() }).parse(unstable_readConfig({ config }, { hideWarnings: true }));
  return definedEnvironments;
};

/** @throws Error in words for whoever wrote the configuration */
export const readRegion = (name: string, config = CONFIG): Region => {
  if (!regionNames(config).includes(name)) throw new Error(`wrangler.toml has no environment "${name}"; it has ${regionNames(config).join(", ")}.`);
  const parsed = envSchema.safeParse(unstable_readConfig({ config, env: name }, { hideWarnings: true }));
  if (!parsed.success) throw new Error(`wrangler.toml, env.${name}: ${parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ")}`);
  const { vars, d1_databases, r2_buckets, queues, vectorize } = parsed.data;
  const { OBJECT_JURISDICTION: jurisdiction, OBJECT_LOCATION: location } = vars;
  if ((jurisdiction === undefined) === (location === undefined)) throw new Error(`wrangler.toml, env.${name}: set OBJECT_JURISDICTION or OBJECT_LOCATION, one of the two.`);
  const astray = r2_buckets.filter((bucket) => bucket.jurisdiction !== jurisdiction).map(({ bucket_name }) => bucket_name);
  if (astray.length > 0) throw new Error(`wrangler.toml, env.${name}: ${astray.join(", ")} must have ${jurisdiction === undefined ? "no jurisdiction" : `jurisdiction = "${jurisdiction}"`}, as its objects do.`);
  return {
    name,
    worker: parsed.data.name,
    api: vars.PUBLIC_API_URL.replace(/\/+$/, ""),
    dashboard: { project: `apex-dashboard-${name}`, url: vars.DASHBOARD_ORIGINS.replace(/\/+$/, "") },
    databases: d1_databases.map(({ binding, database_name, database_id }) => ({ binding, name: database_name, id: database_id })),
    buckets: r2_buckets.map(({ binding, bucket_name }) => ({ binding, name: bucket_name })),
    queues: queues.producers.map(({ queue }) => queue),
    indexes: vectorize.map(({ index_name }) => index_name),
    placement: jurisdiction !== undefined ? { jurisdiction } : { location: location ?? "oc" },
  };
};

/** Ids that were never given by Cloudflare: what the repository has until a region is provisioned. */
export const isPlaceholder = (databaseId: string): boolean => /^\d0{7}-0000-0000-0000-0{11}\d$/.test(databaseId);

/** What must be put right before a region can be released, in words. */
export const obstacles = ({ name, databases, api, dashboard }: Region): string[] => [
  ...databases.filter(({ id }) => isPlaceholder(id)).map((database) => `${database.name} has no database_id yet: npm run provision -- --env ${name}`),
  ...[api, dashboard.url].filter((url) => new URL(url).hostname.endsWith(".example")).map((url) => `${url} is a placeholder: set PUBLIC_API_URL, DASHBOARD_ORIGINS and the route in wrangler.toml`),
];
