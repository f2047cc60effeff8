import { mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, inject } from "vitest";
import { z } from "zod";
import type {} from "../../system/support/no-child-left.ts";
import { freePort } from "../../../scripts/lib/ports.ts";
import { type RunningWorker, startWorker } from "../../../scripts/lib/worker-process.ts";
import { startWrangler } from "../../../scripts/lib/wrangler.ts";

export interface UsedWorker {
  /** One request as the owner of a project; JSON both ways. */
  ask: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<{ status: number; body: unknown }>;
  tenant_id: string;
  /** Puts objects into the Worker's storage, behind its back: it is stopped for that, and started again. */
  store: (objects: readonly { key: string; text: string }[]) => Promise<void>;
}

const sessionSchema = z.object({ token: z.string(), tenant_id: z.string() });

/** A real Worker (wrangler dev) that may reach the given port of this machine, and a tenant in it. */
export const useWorker = (allowed: () => number): (() => UsedWorker) => {
  let worker: RunningWorker | undefined;
  let used: UsedWorker | undefined;

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const stateDir = mkdtempSync(path.join(inject("runDir"), "worker-"));
    const start = async (database: { database?: null } = {}): Promise<RunningWorker> =>
      startWorker({ port, stateDir, cron: true, log: () => undefined, ...database, vars: { APEX_ENV: "local", PUBLIC_API_URL: url, EGRESS_ALLOW_HOSTS: `127.0.0.1:${allowed()}` } });
    worker = await start();
    const send = async (method: string, where: string, body: unknown, headers: Record<string, string>): Promise<{ status: number; body: unknown }> => {
      const response = await fetch(`${url}${where}`, { method, headers: { Connection: "close", ...headers }, ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }) });
      const text = await response.text();
      return { status: response.status, body: /json/.test(response.headers.get("Content-Type") ?? "") ? (JSON.parse(text) as unknown) : text };
    };
    const credentials = { email: "owner@example.nz", password: "correct horse battery" };
    const { tenant_id } = sessionSchema.parse((await send("POST", "/api/auth/signup", credentials, { "Content-Type": "application/json" })).body);
    const ask: UsedWorker["ask"] = async (method, where, body, headers = {}) => {
      // A token lasts a quarter of an hour, and a real WordPress takes its time.
      const { token } = sessionSchema.parse((await send("POST", "/api/auth/login", credentials, { "Content-Type": "application/json" })).body);
      return send(method, where, body, { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers });
    };
    const put = async (key: string, text: string): Promise<void> => {
      const file = path.join(stateDir, "object");
      writeFileSync(file, text);
      const lines: string[] = [];
      const { code } = await startWrangler({ args: ["r2", "object", "put", `apex/${key}`, "--file", file, "--local", "--config", "wrangler.local.toml", "--persist-to", stateDir], stateDir, onLine: (line) => lines.push(line) }).exited;
      if (code !== 0) throw new Error(lines.join("\n"));
    };
    const store: UsedWorker["store"] = async (objects) => {
      await worker?.stop();
      for (const { key, text } of objects) await put(key, text);
      worker = await start({ database: null });
    };
    used = { ask, tenant_id, store };
  });
  afterAll(async () => worker?.stop());

  return () => {
    if (used === undefined) throw new Error("The Worker is up in tests and hooks only.");
    return used;
  };
};
