import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { belongsTo, emptyFolder } from "../../core/memory/tenant-storage.ts";
import { contentFolder, getContent, putContent } from "./page-content.ts";
import { visibleText } from "./visible-text.ts";
import type { PageContent } from "./page.schemas.ts";

const content: PageContent = {
  title: "Blocked drains in Ponsonby",
  meta_description: "What to do first.",
  h1: "Blocked drains in Ponsonby",
  body_html: "<h2>First</h2><p>Close the <strong>main</strong> valve &amp; ring us.</p><p>It&#39;s quick.</p>",
  faq: [{ question: "How soon?", answer: "Ask us.", source: null }],
  json_ld: [],
  sources: [],
};
const page = { tenant_id: "ten_content", id: "ent_page" };

describe("a page's text", () => {
  it("is read as it was written, and its words are counted as a reader would", async () => {
    const { version, sha256, words } = await putContent(env.STORAGE, page, content);
    expect(words).toBe(13);
    expect(sha256.startsWith(version)).toBe(true);
    expect(await getContent(env.STORAGE, page, version)).toEqual(content);
  });

  it("is one version however often it is put, and another text is another that leaves the first", async () => {
    const first = await putContent(env.STORAGE, page, content);
    expect(await putContent(env.STORAGE, page, content)).toEqual(first);
    const second = await putContent(env.STORAGE, page, { ...content, title: "Drains" });
    expect(second.version).not.toBe(first.version);
    expect((await getContent(env.STORAGE, page, first.version)).title).toBe(content.title);
  });

  it("lies in the tenant's own folder, and goes with it", async () => {
    const other = { tenant_id: "ten_leaves", id: "ent_page" };
    const { version } = await putContent(env.STORAGE, other, content);
    expect(belongsTo(other.tenant_id, contentFolder(other))).toBe(true);
    expect(await emptyFolder(env.STORAGE, contentFolder(other))).toBe(1);
    await expect(getContent(env.STORAGE, other, version)).rejects.toMatchObject({ status: 404 });
  });

  it.each([["another page's", "0".repeat(32)], ["a path", "../../ten_content/pages/ent_page/x"], ["nothing", ""]])("is not found by a version that is %s", async (_, version) => {
    await expect(getContent(env.STORAGE, page, version)).rejects.toMatchObject({ status: 404 });
  });

  it("as text keeps words of neighbouring blocks apart and words within a block together", () => {
    expect(visibleText("<p>One</p><p>t<em>w</em>o &lt;b&gt;</p>").split(/\s+/).filter(Boolean)).toEqual(["One", "two", "<b>"]);
  });
});
