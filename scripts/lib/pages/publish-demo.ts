import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseDocument } from "yaml";
import type { DemoAccount } from "../demo/account.ts";
import { type Api, createApi } from "../demo/api.ts";
import { openBusiness } from "../demo/business.ts";
import type { Paint } from "../demo/text.ts";
import { followRun } from "../onboard/follow.ts";
import { StartError } from "../worker-process.ts";
import { ROOT } from "../wrangler.ts";
import { checkSite, type FetchedPage } from "./check-site.ts";
import { fetchPage } from "./fetch-page.ts";
import { readPage } from "./read-page.ts";
import { addressOn, hubOf, type ListedPage, renderPage, type Target, TARGETS } from "./show-pages.ts";

export interface PublishDemo {
  /** Where the Worker answers. */
  url: string;
  account: DemoAccount;
  accountFile: string;
  /** The site and an account of it; null: pages go to the hosted target only. */
  wordpress: { url: string; username: string; application_password: string } | null;
  print: (text: string) => void;
  screen: { paint: Paint; width: number };
}

/** What the command promises, for each target. */
const ENOUGH = 12;
const PATIENCE_MS = { hosted: 15 * 60_000, both: 60 * 60_000 };
const NAMES: Record<Target, string> = { hosted: "the hosted target", wordpress: "WordPress" };

/** The demo's DNA as it is written, but for where its pages go. */
const dnaFor = (target: "hosted" | "both"): string => {
  const document = parseDocument(readFileSync(path.join(ROOT, "profiles/demo.yaml"), "utf8"));
  document.setIn(["modules", "local_seo", "publishing", "target"], target);
  return document.toString();
};

const runPipeline = async (api: Api, projectId: string, patienceMs: number, { print, screen: { paint } }: PublishDemo): Promise<void> => {
  const { run_id } = await api.startRun({ task: "manager", project_id: projectId, params: { publish: true } });
  const endsAt = performance.now() + patienceMs;
  let shown = "";
  const run = await followRun({
    look: async () => api.run(run_id),
    onStep: ({ done, total, label }) => {
      const line = `${total === 0 ? "" : `${done}/${total} `}${label}`;
      if (line !== shown) print(`  ${paint("quiet", (shown = line))}`);
    },
    sleep,
    isLate: () => performance.now() > endsAt,
  });
  if (run.status === "succeeded") return;
  throw new StartError(`The pipeline ${run.status === "failed" || run.status === "dead" ? "failed" : "is not over yet"}${run.error === null ? "" : `: ${run.error.message} (${run.error.code})`}\nIts run is ${run_id}.`);
};

const fetched = async (page: ListedPage, target: Target, hub: ListedPage | undefined): Promise<FetchedPage[]> => {
  const url = addressOn(page, target);
  if (url === null) return [];
  const { status, type, body } = await fetchPage(url);
  return [{ url, is_hub: page === hub, status, type, html: body, read: readPage(body, url) }];
};

/**
 * Takes the demo business from the map to live pages, looks at every one of them as the world sees it, and shows what came of it.
 * @returns whether each target has enough pages, and all of them are right
 * @throws StartError when the pipeline fails or takes too long, ApiError
 */
export const publishDemo = async (demo: PublishDemo): Promise<boolean> => {
  const { url, account, accountFile, wordpress, print, screen } = demo;
  const { paint } = screen;
  const target = wordpress === null ? "hosted" : "both";
  const api = createApi(url);
  const business = await openBusiness({ api, account, accountFile, dna: dnaFor(target) });
  if (wordpress !== null) await api.connectWordpress(business.project_id, wordpress);
  print(`${paint("strong", business.name)} (${business.project_id}): from the map to live pages\n`);
  await runPipeline(api, business.project_id, PATIENCE_MS[target], demo);

  const pages = (await api.pages(business.project_id)).toSorted((a, b) => b.metadata.expected_value - a.metadata.expected_value);
  const targets = TARGETS.filter((one) => wordpress !== null || one === "hosted");
  const sites = await Promise.all(targets.map(async (one) => {
    const seen = (await Promise.all(pages.map(async (page) => fetched(page, one, hubOf(pages))))).flat();
    return { target: one, seen, ...(await checkSite(seen)) };
  }));
  print("");
  for (const page of pages) {
    const troubles = sites.flatMap(({ target: one, troubles: all }) => (all.get(addressOn(page, one) ?? "") ?? []).map((text) => `${NAMES[one]}: ${text}`));
    for (const line of renderPage(page, await api.page(page.id), troubles, screen)) print(line);
  }
  print("");
  let enough = true;
  for (const { target: one, seen, troubles, clicks } of sites) {
    const live = seen.filter(({ status }) => status === 200).length;
    const isGood = live >= ENOUGH && troubles.size === 0;
    enough &&= isGood;
    const found = troubles.size === 0 ? `valid, and linked: each at most ${clicks ?? 0} clicks from the hub` : `${troubles.size} with something wrong`;
    print(`${paint(isGood ? "good" : "bad", `${live} of ${pages.length} pages are live on ${NAMES[one]}`)}: ${found}`);
  }
  return enough;
};
