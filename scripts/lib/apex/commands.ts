import { UsageError } from "../command-line.ts";
import type { ApiRequest, Command, Given } from "./command.types.ts";

const segment = (text: string | undefined): string => encodeURIComponent(text ?? "");
const json = (text: string | undefined, option: string): unknown => {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    throw new UsageError(`--${option} is not JSON: ${text ?? ""}`);
  }
};
const defined = (fields: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
const field = (answer: unknown, name: string): string => {
  const value = (answer as Record<string, unknown> | undefined)?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
};
const projectDna = ({ args }: Given, rest: string): string => `/api/projects/${segment(args["project"])}/dna${rest}`;
const yaml = { Accept: "application/yaml" };

const startTask = ({ args, options }: Given): ApiRequest => {
  const [task, action] = (args["task"] ?? "").split("/");
  return { method: "POST", path: "/api/run", body: defined({ task, action, project_id: options["project"], params: json(options["params"], "params") }), headers: options["wait"] === undefined ? {} : { Prefer: `wait=${options["wait"]}` } };
};

/** `--yes` says the id again, so that no line of a history erases anybody by chance. */
const eraseRequest = ({ args, options }: Given): ApiRequest => {
  if (options["yes"] !== args["lead"]) throw new UsageError("Say the id again with --yes: this cannot be undone.");
  return { method: "DELETE", path: `/api/entities/${segment(args["lead"])}` };
};

const projects: Command[] = [
  { name: "projects list", summary: "businesses", request: () => ({ path: "/api/projects" }), columns: ["project_id", "name", "country", "created_at"] },
  { name: "projects show", summary: "one of them", args: ["project"], request: ({ args }) => ({ path: `/api/projects/${segment(args["project"])}` }) },
  {
    name: "projects add", summary: "a new one", args: ["project"], options: { name: "N!", country: "NZ!" },
    request: ({ args, options }) => ({ method: "POST", path: "/api/projects", body: { project_id: args["project"], name: options["name"], country: options["country"] } }),
  },
  { name: "projects addresses", summary: "where its forms and numbers send to, with their keys", args: ["project"], request: ({ args }) => ({ path: `/api/projects/${segment(args["project"])}/webhooks` }) },
];

const leads: Command[] = [
  {
    name: "leads list", summary: "newest first", options: { project: "P", status: "S", q: "WORDS" },
    request: ({ options }) => ({ path: "/api/entities", query: { type: "lead", project_id: options["project"], status: options["status"], q: options["q"] } }),
    columns: ["id", "metadata.status", "metadata.score", "name", "primary_contact", "metadata.source", "created_at"],
  },
  { name: "leads show", summary: "one of them", args: ["lead"], request: ({ args }) => ({ path: `/api/entities/${segment(args["lead"])}` }) },
  {
    name: "leads add", summary: "enters one; it rings nobody by itself", options: { project: "P!", name: "N!", phone: "E164", email: "E", message: "M" },
    request: ({ options: { project, name, phone, email, message } }) => ({ method: "POST", path: "/api/entities", body: { project_id: project, entity_type: "lead", name, primary_contact: phone ?? email ?? "", metadata: defined({ status: "new", source: "manual", phone, email, message }) } }),
    done: (_, answer) => `${field(answer, "id")} is entered.`,
  },
  {
    name: "leads set", summary: "changes fields of its metadata (JSON, merged; null removes)", args: ["lead"], options: { metadata: "JSON!" },
    request: ({ args, options }) => ({ method: "PATCH", path: `/api/entities/${segment(args["lead"])}`, body: { metadata: json(options["metadata"], "metadata") } }),
    done: ({ args }) => `${args["lead"] ?? ""} is changed.`,
  },
  {
    name: "leads call", summary: "rings the owner and joins them, through the consent gate", args: ["lead"], options: { project: "P!" },
    request: ({ args, options }) => ({ method: "POST", path: "/api/run", body: { task: "sales_agent", action: "instant_call", project_id: options["project"], params: { lead_id: args["lead"] } } }),
    done: (_, answer) => `${field(answer, "run_id")} is queued.`,
  },
  { name: "leads erase", summary: "erases the person for good: recordings and texts too", args: ["lead"], options: { yes: "ID!" }, request: eraseRequest, done: ({ args }) => `${args["lead"] ?? ""} is being erased.` },
  {
    name: "calls list", summary: "newest first", options: { project: "P", lead: "ID" },
    request: ({ options }) => ({ path: "/api/calls", query: { project_id: options["project"], lead_id: options["lead"] } }),
    columns: ["id", "lead_id", "direction", "status", "end_reason", "duration_s", "created_at"],
  },
  { name: "calls show", summary: "one of them, with its timeline", args: ["call"], request: ({ args }) => ({ path: `/api/calls/${segment(args["call"])}` }) },
];

const dna: Command[] = [
  { name: "dna show", summary: "what holds: defaults, trade, generated and custom laid over each other", args: ["project"], request: (given) => ({ path: projectDna(given, ""), headers: yaml }), text: true },
  { name: "dna custom", summary: "what people wrote", args: ["project"], request: (given) => ({ path: projectDna(given, "/custom"), headers: yaml }), text: true },
  { name: "dna generated", summary: "what onboarding wrote", args: ["project"], request: (given) => ({ path: projectDna(given, "/generated"), headers: yaml }), text: true },
  {
    name: "dna put", summary: "replaces what people wrote by a file, if it is valid", args: ["project", "file"], options: { "if-match": "ETAG" },
    request: (given) => ({ method: "PUT", path: projectDna(given, "/custom"), body: given.read(given.args["file"] ?? ""), headers: { "Content-Type": "application/yaml", ...(given.options["if-match"] === undefined ? {} : { "If-Match": given.options["if-match"] }) } }),
    done: ({ args }) => `${args["project"] ?? ""} has a new DNA.`,
  },
  { name: "dna history", summary: "earlier versions", args: ["project"], request: (given) => ({ path: projectDna(given, "/custom/versions") }), columns: ["version", "created_at", "author", "current"] },
  { name: "dna restore", summary: "makes an earlier version the newest", args: ["project", "version"], request: (given) => ({ method: "POST", path: projectDna(given, "/custom/restore"), body: { version: given.args["version"] } }), done: ({ args }) => `${args["project"] ?? ""} has the DNA of ${args["version"] ?? ""} again.` },
];

const webhooks: Command[] = [
  { name: "webhooks list", summary: "who is told of what happens", request: () => ({ path: "/api/webhook-endpoints" }), columns: ["id", "enabled", "disabled_why", "url", "events"] },
  {
    name: "webhooks add", summary: "tells an address; prints the secret, this once", options: { url: "URL!", events: "A,B!", project: "P", description: "D" },
    request: ({ options: { url, events = "", project, description } }) => ({ method: "POST", path: "/api/webhook-endpoints", body: defined({ url, events: events.split(","), project_id: project, description }) }),
  },
  { name: "webhooks rotate", summary: "a new secret; prints it, this once. The old one signs too for a day", args: ["endpoint"], request: ({ args }) => ({ method: "POST", path: `/api/webhook-endpoints/${segment(args["endpoint"])}/rotate-secret` }) },
  { name: "webhooks test", summary: "sends it a webhook.test", args: ["endpoint"], request: ({ args }) => ({ method: "POST", path: `/api/webhook-endpoints/${segment(args["endpoint"])}/test` }), done: (_, answer) => `${field(answer, "id")} is on its way.` },
  {
    name: "webhooks deliveries", summary: "what was sent there; --status failed: what was given up on", args: ["endpoint"], options: { status: "S" },
    request: ({ args, options }) => ({ path: `/api/webhook-endpoints/${segment(args["endpoint"])}/deliveries`, query: { status: options["status"] } }), columns: ["id", "status", "attempts", "type", "resource_id", "occurred_at", "next_attempt_at"],
  },
  { name: "webhooks replay", summary: "sends a delivery again", args: ["delivery"], request: ({ args }) => ({ method: "POST", path: `/api/webhook-deliveries/${segment(args["delivery"])}/replay` }), done: ({ args }) => `${args["delivery"] ?? ""} is on its way.` },
  {
    name: "webhooks replay-failed", summary: "sends all again that were given up on since a time", args: ["endpoint"], options: { since: "TIME!" },
    request: ({ args, options }) => ({ method: "POST", path: `/api/webhook-endpoints/${segment(args["endpoint"])}/replay`, body: { since: options["since"] } }), done: (_, answer) => `${field(answer, "replayed")} are on their way.`,
  },
  ...(["on", "off"] as const).map((state): Command => ({
    name: `webhooks ${state}`, summary: state === "on" ? "switches it on; what waits goes out" : "switches it off", args: ["endpoint"],
    request: ({ args }) => ({ method: "PATCH", path: `/api/webhook-endpoints/${segment(args["endpoint"])}`, body: { enabled: state === "on" } }), done: ({ args }) => `${args["endpoint"] ?? ""} is ${state}.`,
  })),
  { name: "webhooks remove", summary: "with what waits for it", args: ["endpoint"], request: ({ args }) => ({ method: "DELETE", path: `/api/webhook-endpoints/${segment(args["endpoint"])}` }), done: ({ args }) => `${args["endpoint"] ?? ""} is removed.` },
];

const figures: Command[] = [
  { name: "run", summary: "has an agent do something", args: ["task"], options: { project: "P!", params: "JSON", wait: "S" }, request: startTask },
  { name: "stats", summary: "figures", options: { project: "P", from: "TIME", to: "TIME" }, request: ({ options }) => ({ path: "/api/stats", query: { project_id: options["project"], from: options["from"], to: options["to"] } }) },
  { name: "usage", summary: "what a month has cost", options: { project: "P", month: "YYYY-MM" }, request: ({ options }) => ({ path: "/api/usage", query: { project_id: options["project"], month: options["month"] } }) },
  { name: "audit", summary: "who did what", options: { action: "A", resource: "R", from: "TIME", to: "TIME" }, request: ({ options }) => ({ path: "/api/audit", query: { action: options["action"], resource: options["resource"], from: options["from"], to: options["to"] } }), columns: ["at", "actor", "action", "resource", "request_id"] },
  { name: "health", summary: "whether the service is well", request: () => ({ path: "/health" }) },
];

export const COMMANDS: readonly Command[] = [...projects, ...leads, ...dna, ...webhooks, ...figures];
