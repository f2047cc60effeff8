import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { freePort } from "./lib/ports.ts";
import { stopWithUs } from "./lib/shutdown.ts";
import { startWorker } from "./lib/worker-process.ts";
import { ROOT } from "./lib/wrangler.ts";

/* Writes the types that the dashboard calls the API by, from the document that the Worker publishes of itself. */

const shutdown = stopWithUs();
const stateDir = mkdtempSync(path.join(tmpdir(), "apex-types-"));
const port = await freePort();
const secret = (): string => randomBytes(24).toString("base64url");
const worker = await startWorker({ port, stateDir, cron: false, log: () => undefined, vars: { APEX_ENV: "local", APEX_JWT_SECRET: secret(), APEX_KMS_KEY: secret(), PUBLIC_API_URL: `http://127.0.0.1:${port}` } });
shutdown.stopFirst(() => worker.stop());
try {
  const document = await (await fetch(`${worker.url}/openapi.json`)).text();
  const types = astToString(await openapiTS(document, { alphabetize: true }));
  writeFileSync(path.join(ROOT, "dashboard/src/api/schema.d.ts"), `// Made by \`npm run dashboard:types\` from /openapi.json. Do not edit.\n${types}`);
} finally {
  await worker.stop();
  rmSync(stateDir, { recursive: true, force: true });
}
process.exit();
