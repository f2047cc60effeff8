import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startWordpress } from "./lib/wordpress/site.ts";

/* A real WordPress on this machine, to try publishing with: `npm run wordpress [-- --port 9444]`. Everything in it is gone at the end. */

const at = process.argv.indexOf("--port");
const port = at < 0 ? 9444 : Number(process.argv[at + 1]);
const dir = mkdtempSync(path.join(tmpdir(), "apex-wordpress-"));
const site = await startWordpress({ dir, port, log: console.log });
site.setHelperPlugin(!process.argv.includes("--without-plugin"));
console.log(`WordPress    ${site.url}`);
for (const role of ["administrator", "author"] as const) console.log(`${role.padEnd(13)}${site[role].username}, application password ${site[role].application_password}`);
console.log(`\nThe Worker may reach it with EGRESS_ALLOW_HOSTS=127.0.0.1:${site.port} in .dev.vars. Ctrl-C ends it.`);

const end = (): void => {
  void site.stop().finally(() => {
    rmSync(dir, { recursive: true, force: true });
    process.exit(0);
  });
};
process.once("SIGINT", end);
process.once("SIGTERM", end);
