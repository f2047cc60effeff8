import { writeFileSync } from "node:fs";
import path from "node:path";
import { renderPermissions } from "./lib/permissions.ts";
import { ROOT } from "./lib/wrangler.ts";

writeFileSync(path.join(ROOT, "docs/permissions.md"), renderPermissions());
