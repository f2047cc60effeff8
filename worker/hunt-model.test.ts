import { describe, expect, it } from "vitest";
import { z } from "zod";
import { says } from "../core/providers/gemini/gemini.testing.ts";
import { OWN, runSchema, SITE, source, tenant, useBoard, web } from "./hunt.testing.ts";

useBoard();

describe("a post that only a model can read", () => {
  const NOTICES = { body: "<b>Tap drips</b><br>In Epsom, 021 555 8001<hr><b>Drain blocked</b><br>Ponsonby" };
  const FOUND = { posts: [{ title: "Tap drips", first_line: 1, last_line: 2, location: "Epsom", phone: "021 555 8001", posted: null, urgency: null }, { title: "Drain blocked", first_line: 3, last_line: 4, location: "Ponsonby", phone: null, posted: null, urgency: null }] };
  const sniper = { platforms: ["board"], sources: { board: source({ url: `${SITE}/notices`, selectors: undefined }) } };

  it("is found, and what it cost is told", async () => {
    web.pages = { "/notices": NOTICES };
    web.model = () => Response.json({ ...says(JSON.stringify(FOUND)), usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 100 } });
    const { hunt } = await tenant(sniper);
    const result = await hunt();
    expect([result.first?.created, result.made_up]).toEqual([2, 0]);
    expect(result.cost_usd).toBeGreaterThan(0);
  });

  it("is left unread where there is no money for it", async () => {
    web.pages = { "/notices": NOTICES };
    const { hunt } = await tenant({ ...sniper, max_usd: 0 });
    expect((await hunt()).first).toMatchObject({ found: 0, unread_pages: 1 });
    expect(web.questions).toBe(0);
  });

  it("is left unread once the model has stayed away, and the rest is read", async () => {
    web.pages = { "/notices": NOTICES, "/feed": { type: "application/rss+xml", body: "<rss><channel><item><title>Tap drips</title></item></channel></rss>" } };
    web.model = () => Response.json({ error: { code: 400, status: "INVALID_ARGUMENT", message: "no" } }, { status: 400 });
    const { start, finish } = await tenant({ platforms: ["board", "feed"], sources: { ...sniper.sources, feed: { kind: "rss", url: `${SITE}/feed`, permission: OWN } } });
    const { run_id } = z.object({ run_id: z.string() }).parse((await start({}, "wait=0")).body);
    const run = await finish(run_id);
    expect(run.result?.sources).toMatchObject([{ unread_pages: 1, found: 0 }, { created: 1 }]);
  });

  it("is read out of a text that somebody pasted", async () => {
    web.model = () => Response.json(says(JSON.stringify({ posts: [{ title: "My boiler is out", first_line: 1, last_line: 1, location: null, phone: null, posted: null, urgency: null }] })));
    const { hunt, leads } = await tenant({});
    expect((await hunt({ text: "My boiler is out, ring 021 555 7001", platform: "facebook", url: "https://www.facebook.com/groups/1/posts/2" })).created).toHaveLength(1);
    expect((await hunt({ text: "My boiler is out, ring 021 555 7001", platform: "facebook", url: "https://www.facebook.com/groups/1/posts/2" })).created).toHaveLength(0);
    expect((await leads())[0]?.metadata).toMatchObject({ phone: "+64215557001", source_url: "https://www.facebook.com/groups/1/posts/2" });
    expect(web.asked).toEqual([]);
  });

  it("is not said to be read where there is no money for it", async () => {
    const { start } = await tenant({ max_usd: 0 });
    expect(runSchema.parse((await start({ text: "My boiler is out" })).body)).toMatchObject({ status: "failed", error: { code: "hunt_unread" } });
  });
});
