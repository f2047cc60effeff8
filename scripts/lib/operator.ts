import { parseArgs } from "node:util";
import { ask, baseOf, jsonOf, refusalOf } from "./ask.ts";
import { UsageError } from "./command-line.ts";

const USAGE = `npm run operator -- <command> [--url URL]

  list                     every tenant: id, plan, projects, since when, suspended or not, name
  suspend <tenant_id>      let nobody of it in; its leads are still stored, and nobody is rung for it
  unsuspend <tenant_id>
  plan <tenant_id> <plan>  e.g. standard, pro
  region <tenant_id> <region|here>
                           who asks here for that tenant is told where it lives now (docs/deploy.md)
  backups                  finished backups: database, day, rows
  restore <day> [database] bring an empty database back from its backup (in maintenance only; docs/deploy.md)
  rotate                   seal every stored secret again with the newest key of APEX_KMS_KEY (npm run vault:rotate)

  --url URL                the region's address (default PUBLIC_API_URL, else http://127.0.0.1:8787)

APEX_OPERATOR_SECRET is read from the environment, else from .dev.vars. It is never an argument: those are seen by others.`;

export type Command =
  | { name: "help" | "list" | "rotate" | "backups" }
  | { name: "region"; tenant: string; region: string | null }
  | { name: "restore"; day: string; database: string }
  | { name: "suspend" | "unsuspend"; tenant: string }
  | { name: "plan"; tenant: string; plan: string };

/** @throws UsageError in words for the person at the keyboard */
export const readCommand = (args: string[]): { command: Command; url: string | undefined } => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { url: { type: "string" }, help: { type: "boolean", default: false } } });
  const [name, tenant, plan, ...more] = positionals;
  const given = positionals.length;
  const read = (): Command | undefined => {
    if (values.help || name === undefined || name === "help") return { name: "help" };
    if ((name === "list" || name === "rotate" || name === "backups") && given === 1) return { name };
    if ((name === "suspend" || name === "unsuspend") && given === 2 && tenant !== undefined) return { name, tenant };
    if (name === "plan" && tenant !== undefined && plan !== undefined && more.length === 0) return { name, tenant, plan };
    if (name === "region" && tenant !== undefined && plan !== undefined && given === 3) return { name, tenant, region: plan === "here" ? null : plan };
    // Here the second word is a day and the third a database.
    if (name === "restore" && tenant !== undefined && given <= 3) return { name, day: tenant, database: plan ?? "DB" };
    return undefined;
  };
  const command = read();
  if (command === undefined) throw new UsageError(`That is not a command: ${positionals.join(" ")}\n\n${USAGE}`);
  return { command, url: values.url };
};

interface OperatorTools {
  url: string;
  secret: string;
  fetch: typeof globalThis.fetch;
  print: (line: string) => void;
}

interface Tenant {
  id: string;
  name: string;
  plan: string;
  projects: number;
  created_at: string;
  suspended_at: string | null;
  deleted_at: string | null;
}

/**
 * Does one command over the operator's door.
 * @returns whether all of it could be done
 * @throws UsageError with the service's own words when it refuses
 */
export const runCommand = async (command: Command, { url, secret, fetch, print }: OperatorTools): Promise<boolean> => {
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await ask(`${baseOf(url)}/api/operator/${path}`, { method, token: secret, body, fetch });
    if (answer.status === 404 && path.startsWith("tenants?")) throw new UsageError("There is no operator's door: set APEX_OPERATOR_SECRET where the service runs.");
    if (!answer.ok) throw refusalOf(answer);
    return jsonOf(answer) as Answer;
  };

  switch (command.name) {
    case "help":
      print(USAGE);
      return true;
    case "list": {
      let cursor: string | null = "";
      while (cursor !== null) {
        const page: { items: Tenant[]; next_cursor: string | null } = await call("GET", `tenants?limit=200${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
        for (const tenant of page.items) print([tenant.id, tenant.plan, `${tenant.projects} projects`, tenant.created_at, tenant.deleted_at ? "deleted" : tenant.suspended_at ? "suspended" : "active", tenant.name].join("\t"));
        cursor = page.next_cursor;
      }
      return true;
    }
    case "suspend":
    case "unsuspend":
      await call("POST", `tenants/${encodeURIComponent(command.tenant)}/${command.name}`);
      print(`${command.tenant} is ${command.name}ed.`);
      return true;
    case "plan":
      await call("POST", `tenants/${encodeURIComponent(command.tenant)}/plan`, { plan: command.plan });
      print(`${command.tenant} has the plan ${command.plan}.`);
      return true;
    case "region":
      await call("POST", `tenants/${encodeURIComponent(command.tenant)}/region`, { region: command.region });
      print(command.region === null ? `${command.tenant} lives here.` : `${command.tenant} lives in ${command.region}.`);
      return true;
    case "backups": {
      const { items }: { items: { database: string; day: string; finished_at: string; migration: string | null; rows: number }[] } = await call("GET", "backups");
      for (const { database, day, finished_at, migration, rows } of items) print([database, day, `${rows} rows`, finished_at, migration ?? ""].join("\t"));
      if (items.length === 0) print("There is no finished backup yet.");
      return true;
    }
    case "restore": {
      const { day, database } = command;
      let step: { done: boolean; table: number; tables: number; rows: number; left_out: number };
      do {
        step = await call("POST", "backups/restore", { day, database });
        print(`${step.rows} rows, ${step.table} of ${step.tables} tables`);
      } while (!step.done);
      if (step.left_out > 0) print(`${step.left_out} rows could not be: the service's log says which.`);
      let copied = 0;
      let after: string | null = "";
      while (after !== null) {
        const objects: { restored: number; after: string | null } = await call("POST", "backups/restore-objects", { after });
        copied += objects.restored;
        after = objects.after;
      }
      print(`${database} is as of ${day}; ${copied} objects were copied back. Calls and runs that were open then are shown as needing a person; nobody is rung for them.`);
      return true;
    }
    case "rotate": {
      const total = { checked: 0, rotated: 0, failed: 0 };
      let cursor: string | null = "";
      while (cursor !== null) {
        const page: typeof total & { next_cursor: string | null } = await call("POST", `vault/rotate${cursor === "" ? "" : `?cursor=${encodeURIComponent(cursor)}`}`);
        total.checked += page.checked;
        total.rotated += page.rotated;
        total.failed += page.failed;
        cursor = page.next_cursor;
      }
      print(`${total.checked} stored secrets looked at, ${total.rotated} sealed again with the newest key, ${total.failed} could not be opened.`);
      print(total.failed === 0 ? "The older keys may be taken out of APEX_KMS_KEY." : "Keep the older keys: the service's log says which secrets these are.");
      return total.failed === 0;
    }
  }
};
