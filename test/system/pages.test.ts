import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { fetchPage } from "../../scripts/lib/pages/fetch-page.ts";
import { addressesOf, listedPageSchema, pageSchema } from "../../scripts/lib/pages/show-pages.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { sweepNowAndThen } from "./support/sweep.ts";

/* The whole pipeline, outside in: the demo business, the map's and the model's stand-ins, and a Worker that is killed on the way. */

const house = useHouse({ interrupted: true });
const sweep = sweepNowAndThen(house);
const pagesSchema = z.object({ items: z.array(listedPageSchema.extend({ metadata: listedPageSchema.shape.metadata.extend({ drafts: z.number() }) })) });
const PATIENCE_MS = 240_000;

it("takes the demo business to live pages that link to each other and name their sources, although the Worker is killed in between", async () => {
  const { client } = house;
  const project_id = `harbour-${randomUUID().slice(0, 8)}`;
  await client.createProject({ project_id, name: "Harbour Plumbing", country: "NZ" });
  await client.putDna(project_id, readFileSync(path.resolve(import.meta.dirname, "../../profiles/demo.yaml"), "utf8"));
  const { run_id } = await client.startRun({ task: "manager", project_id });
  let last: unknown;
  const over = async (labels: readonly string[]) => {
    await sweep();
    const run = await client.run(run_id);
    last = run;
    return ["succeeded", "failed", "dead"].includes(run.status) || labels.includes(run.progress.label);
  };
  await eventually("pages to be on their way", async () => over(["pages"]), () => last, PATIENCE_MS);
  await house.kill();
  await house.restart();
  await eventually("the run to be over", async () => over([]), () => last, PATIENCE_MS);
  expect(await client.run(run_id)).toMatchObject({ status: "succeeded", result: { pages: 16, not_begun: 0 } });

  const { items } = (await client.ask("GET", `/api/entities?type=page&project_id=${project_id}&limit=200`)).as(pagesSchema);
  const addresses = new Map(items.flatMap((page) => addressesOf(page).map((address) => [address, page] as const)));
  expect(addresses.size).toBeGreaterThanOrEqual(12);
  const paths = [...addresses.keys()].map((address) => new URL(address).pathname);
  for (const [address, { id }] of addresses) {
    const answer = await fetchPage(address);
    expect([answer.status, answer.type.split(";")[0]], address).toEqual([200, "text/html"]);
    expect(answer.body, address).not.toContain("data-source");
    const page = (await client.ask("GET", `/api/pages/${id}`)).as(pageSchema);
    expect(page.content?.sources.some(({ cited }) => cited > 0), address).toBe(true);
    const links = paths.filter((one) => one !== new URL(address).pathname && answer.body.includes(`${one}"`));
    expect(links.length, `links on ${address}`).toBeGreaterThan(0);
  }
}, 2 * PATIENCE_MS + 60_000);
