import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
import { localVectorizeWorker, vectorizeTestBindings } from "./local/vectorize.node.ts";

const root = import.meta.dirname;

/**
 * Bundled first: packages that mix module systems or lean on Node's, which workerd does not load otherwise, and packages of hundreds
 * of modules, each of which every test file would fetch anew.
 */
const bundled = [
  "itty-durable", "sanitize-html", "twilio/lib/twiml/VoiceResponse.js", "twilio/lib/webhooks/webhooks.js",
  "@hono/zod-openapi", "zod", "drizzle-orm", "drizzle-orm/d1", "drizzle-orm/sqlite-core", "hono", "hono/cookie", "hono/factory", "hono/html", "hono/http-exception", "hono/route",
  "@logtape/logtape", "@google/generative-ai", "htmlparser2", "jose", "libphonenumber-js/max", "temporal-polyfill", "yaml", "yaml/util",
];
const nodeBuiltins = {
  name: "node-builtins",
  resolveId: (id: string) => (builtinModules.includes(id) ? { id: `node:${id}`, external: true } : undefined),
};

const ROOMS = ["worker", "agents", "durable", "core", "local", "test/support"];
/** What a test that uses bindings, or stands in for something that others share, has in its text. */
const NEEDS_A_WORLD = /cloudflare:(workers|test)|test\/support\/|\bvi\.(spyOn|stubGlobal|mock)\b/;
const files = ROOMS.flatMap((room) => readdirSync(path.join(root, room), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts")).map((file) => `${room}/${file}`));
const needsAWorld = (file: string): boolean => NEEDS_A_WORLD.test(readFileSync(path.join(root, file), "utf8"));

/** Of a region with two databases: the Worker, its objects and its queues all have the second. */
const ofTwoDatabases = (file: string): boolean => file.endsWith("two-databases.test.ts");

/** Tests in a runtime like the Worker's, with real D1, R2, queues and objects, and a closed network. */
export const workerdProject = (name: string, include: string[], needsAWorld: boolean, moreDatabases: Record<string, string> = {}) => ({
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: "./wrangler.local.toml" },
      // The Worker, and a list of what it is at.
      main: "./test/support/worker.ts",
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: await readD1Migrations(path.join(root, "migrations")),
          APEX_ENV: "local",
          APEX_JWT_SECRET: "a-secret-for-tests-0123456789",
          APEX_KMS_KEY: "a-key-for-tests-0123456789",
          APEX_OPERATOR_SECRET: "an-operators-secret-for-tests-0123456789",
          DASHBOARD_ORIGINS: "https://dashboard.test, http://localhost:5173/",
          PUBLIC_API_URL: "https://apex.test",
          TWILIO_ACCOUNT_SID: "ACtest",
          TWILIO_AUTH_TOKEN: "twilio-test-token",
          TWILIO_PHONE_NUMBER: "+6495550100",
          TWILIO_CALLS_PER_SECOND: "1000",
          TWILIO_API_BASE_URL: "https://twilio.test",
          GEMINI_API_BASE_URL: "https://gemini.test",
          GOOGLE_API_KEY: "gemini-test-key",
          MAIL_API_BASE_URL: "https://mail.test",
          RESEND_API_KEY: "resend-test-key",
          NOMINATIM_API_URL: "https://nominatim.test",
          OVERPASS_API_URL: "https://overpass.test",
          OSM_INTERVAL_MS: "0",
          MAIL_FROM: "Apex <no-reply@apex.test>",
          HUNT_MAIL_DOMAIN: "mail.apex.test",
        },
        // A second database, of another region say, and one to restore into.
        d1Databases: { SECOND: "apex-2", RESTORED: "apex-restored", ...moreDatabases },
        serviceBindings: vectorizeTestBindings,
        workers: [await localVectorizeWorker()],
        // A request that no test stands in for is a mistake: it gets an answer that nothing mistakes for a success.
        outboundService: () => new Response("The network is closed in tests.", { status: 599 }),
      },
    })),
  ],
  test: {
    name,
    include,
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // See test/support/quiet-console.ts: with it on, a run may never end.
    disableConsoleIntercept: true,
    setupFiles: [...(needsAWorld ? ["test/support/new-world.ts"] : []), "test/support/quiet-console.ts"],
    // One after the other: the world first.
    sequence: { setupFiles: "list" as const },
    deps: { optimizer: { ssr: { enabled: true, include: bundled, rolldownOptions: { plugins: [nodeBuiltins] } } } },
  },
});

/**
 * The Worker's own tests. Files share a runtime: to start one and load the modules anew for each took longer than most files' tests. Those that
 * use bindings, or stand in for something that others share, begin in an empty world nonetheless (test/support/new-world.ts).
 */
export default defineConfig({
  test: {
    // CI has two cores, of which the default would use one. Three, since tests wait for alarms and queues: a fifth less time than with two, and the same with a third program at work.
    maxWorkers: 3,
    // Whenever an object comes to life, the pool asks where its class is. One whose alarm rings as the very last file ends gets no answer: it is of a test that
    // is over. All other errors that nobody handled fail the run.
    onUnhandledError: ({ name, message }) => name === "EnvironmentTeardownError" && message.includes('Closing rpc while "resolve" was pending') ? false : undefined,
    projects: [
      workerdProject("world", files.filter((file) => needsAWorld(file) && !ofTwoDatabases(file)), true),
      workerdProject("two-databases", files.filter(ofTwoDatabases), true, { DB_2: "apex-db-2" }),
      workerdProject("pure", files.filter((file) => !needsAWorld(file)), false),
    ],
  },
});
