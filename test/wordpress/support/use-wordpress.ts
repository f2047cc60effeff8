import { mkdtempSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, inject } from "vitest";
import { createWordpressClient, type WordpressClient } from "../../../core/providers/wordpress/wordpress.client.ts";
import { createWordpressHttp, type WordpressLogin } from "../../../core/providers/wordpress/wordpress.http.ts";
import { discoverRestRoot } from "../../../core/providers/wordpress/discover.ts";
import { createEgress, type Egress } from "../../../core/security/egress/egress.ts";
import type {} from "../../system/support/no-child-left.ts";
import { startWordpress, type WordpressSite } from "../../../scripts/lib/wordpress/site.ts";

export interface UsedWordpress {
  site: WordpressSite;
  egress: Egress;
  /** Our own adapter, with one of the accounts, or any login. */
  clientOf: (login: WordpressLogin) => Promise<{ client: WordpressClient; root: string }>;
}

/** One real WordPress for the tests of a file. */
export const useWordpress = (): (() => UsedWordpress) => {
  let used: UsedWordpress | undefined;
  beforeAll(async () => {
    const site = await startWordpress({ dir: mkdtempSync(path.join(inject("runDir"), "wordpress-")), log: (line) => console.error(line) });
    const egress = createEgress({ allowHosts: `127.0.0.1:${site.port}`, dohUrl: "off", fetch: async (input, init) => fetch(input, init) });
    const clientOf: UsedWordpress["clientOf"] = async (login) => {
      const root = await discoverRestRoot(egress, site.url);
      return { client: createWordpressClient(createWordpressHttp({ egress, root, login })), root };
    };
    used = { site, egress, clientOf };
  });
  beforeEach(() => {
    used?.site.door.weather(() => "fine");
    used?.site.setHelperPlugin(false);
  });
  afterAll(async () => used?.site.stop());
  return () => {
    if (used === undefined) throw new Error("WordPress is up in tests and hooks only.");
    return used;
  };
};
