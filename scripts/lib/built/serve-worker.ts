import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { readEnvFile } from "../env-file.ts";

/*
 * Serves a Worker that is built already, until SIGTERM: the Miniflare and workerd of `wrangler dev`, without Wrangler's bundler
 * before them and without its proxy, a second workerd that every request passes through.
 */

/** What we use of Miniflare; Wrangler's own copy, which has no types that we could import. */
interface MiniflareModule {
  Miniflare: new (options: unknown) => { ready: Promise<URL>; dispose: () => Promise<void> };
  Log: new (level: number, options: { prefix: string }) => object;
  LogLevel: { INFO: number };
  convertV4MiniflareOptions: (options: object) => unknown;
}

const require = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));
const { Miniflare, Log, LogLevel, convertV4MiniflareOptions } = require("miniflare") as MiniflareModule;

const argsSchema = z.object({ built: z.string(), port: z.coerce.number(), state: z.string(), env: z.string() });
const string = { type: "string" } as const;
const { built, port, state, env } = argsSchema.parse(parseArgs({ options: { built: string, port: string, state: string, env: string } }).values);

const workersSchema = z.tuple([z.looseObject({ name: z.string() })], z.looseObject({ name: z.string() }));
const [worker, ...others] = workersSchema.parse(JSON.parse(readFileSync(path.join(built, "workers.json"), "utf8")));

const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: "127.0.0.1",
    port,
    log: new Log(LogLevel.INFO, { prefix: "wrangler" }),
    handleStructuredLogs: ({ message }: { message: string }) => console.log(`[${worker.name}] ${message}`),
    resourcePersistencePath: path.join(state, "v3"),
    unsafeTriggerHandlers: true,
    // Nobody is asked where in the world we are.
    cf: false,
    // The Worker says itself what it was asked; Miniflare would make a request of its own for each.
    logRequests: false,
    workers: [{ ...worker, bindings: readEnvFile(env) ?? {} }, ...others],
  }),
);
process.once("SIGTERM", () => {
  void miniflare.dispose().finally(() => process.exit(0));
});
await miniflare.ready;
