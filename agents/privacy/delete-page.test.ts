import { describe, expect, it } from "vitest";
import { publishHouse } from "../pseo/publisher/publish.testing.ts";
import { privacyAgent } from "./privacy.agent.ts";

/** A page that is out on WordPress and hosted, and what deletes it. */
const house = async () => {
  const built = await publishHouse({ publishing: { target: "both" }, agents: [privacyAgent], suffix: "pages.test" });
  const { page, run, submit, finish, metadataOf, wire, store, projectId } = built;
  const id = await page();
  await run({ ids: [id] });
  const remove = async (leave: string[] = []) => finish(await submit("privacy", { page_id: id, leave }, "delete_page"));
  const postOf = () => [...wire.posts.values()].find(({ slug }) => slug.startsWith("place-1"));
  const hosted = async () => (await store.hostedPages.find(projectId, "/drains/place-1"))?.state;
  return { ...built, id, remove, postOf, hosted, metadataOf };
};

describe("a page that is deleted", () => {
  it("is taken down on every target, and then erased", async () => {
    const { id, remove, postOf, hosted, store } = await house();
    expect([postOf()?.status, await hosted()]).toEqual(["publish", "live"]);
    expect(await remove()).toMatchObject({ status: "succeeded", result: { deleted: true, taken_down: ["wordpress", "hosted"] } });
    expect([postOf()?.status, await hosted(), await store.entities.find(id)]).toEqual(["trash", "gone", undefined]);
  });

  it("stays, with the reason, while a target does not let it be taken down; and goes once it does, or is to be left", async () => {
    const { id, remove, connect, metadataOf, postOf, store } = await house();
    await connect({ username: "rata", application_password: "wrong" });
    expect(await remove()).toMatchObject({ status: "failed", error: { code: "wordpress_login" } });
    expect(await metadataOf(id)).toMatchObject({ status: "published", publish_problem: { target: "wordpress", code: "wordpress_login" } });
    expect(postOf()?.status).toBe("publish");
    expect(await remove(["wordpress"])).toMatchObject({ status: "succeeded", result: { taken_down: ["hosted"], left: ["wordpress"] } });
    expect([postOf()?.status, await store.entities.find(id)]).toEqual(["publish", undefined]);
  });

  it("is deleted once, whatever the line does and however many ask", async () => {
    for (let breaksAt = 1, isOver = false; !isOver; breaksAt += 1) {
      const { id, submit, finish, wire, store, postOf } = await house();
      let seen = 0;
      wire.weather(() => ((seen += 1) === breaksAt ? "lost" : "fine"));
      const runs = [await submit("privacy", { page_id: id }, "delete_page"), await submit("privacy", { page_id: id }, "delete_page")];
      // Whoever comes second finds nothing to do, or is ended by the erasure of all that names the page.
      for (const one of runs) await finish(one);
      expect([postOf()?.status, await store.entities.find(id)]).toEqual(["trash", undefined]);
      isOver = seen < breaksAt;
    }
  });

  it("is erased by the run that erases whatever is deleted", async () => {
    const { id, remove, store } = await house();
    await remove();
    const { items } = await store.runs.list({ task: "privacy" }, { limit: 10 });
    expect(items.filter(({ action }) => action === "erase").map(({ params }) => params["entity_id"])).toEqual([id]);
  });
});
