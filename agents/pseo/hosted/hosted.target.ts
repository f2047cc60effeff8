import { z } from "zod";
import type { Clock } from "../../../core/clock.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import type { Project } from "../../../core/memory/projects.store.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import { fingerprintOf, hostedStateSchema, type OutgoingPage, type PublishTarget, type StateOf } from "../publisher/target.ts";
import { hostedDocument, ORIGIN_MARK } from "./document.ts";
import { hostFor, type Hosting } from "./hosting.ts";
import { siteFrameOf } from "./site-frame.ts";
import { documentKey, mediaKey, mediaPath, putOnce, type SiteBucket } from "./storage.ts";

/** What this target keeps beside what all keep: whose page it is, and the document that was in force last. */
const ownStateSchema = hostedStateSchema.extend({ page_id: z.string(), document: z.string().regex(/^[0-9a-f]{64}$/), canonical: z.string().nullable().default(null) });

export interface HostedTargetTools {
  memory: TenantMemory;
  storage: SiteBucket;
  clock: Clock;
  hosting: Hosting;
  project: Project;
  dna: Dna;
}

/**
 * Pages served by this Worker, on a host name of the project's own: the document goes to R2 under its hash, and then a row in D1 says
 * that it is the one in force. A crash between the two leaves an object that nobody sees; doing it again finds it there.
 */
export const createHostedTarget = ({ memory, storage, clock, hosting, project, dna }: HostedTargetTools): PublishTarget<"hosted"> => {
  const site = { tenant_id: memory.tenantId, project_id: project.id };
  const host = async (): Promise<string> => hostFor(memory, project.id, dna.modules.local_seo.publishing.host, hosting);
  const stateOf = (page: OutgoingPage, document: string, known: StateOf<"hosted"> | null, at: string, given: Pick<StateOf<"hosted">, "placement" | "url" | "notes">): StateOf<"hosted"> => {
    const now = clock.now();
    return { ...given, sha256: fingerprintOf(page), first_at: known?.first_at ?? now, at: now, host: at, path: page.path, page_id: page.page_id, document, canonical: page.canonical };
  };

  return {
    name: "hosted",

    async placeImage({ sha256, content_type, copies, read }) {
      const key = mediaKey(site, sha256, content_type);
      if ((await storage.head(key)) === null) await putOnce(storage, key, await read(), content_type);
      // Where they lie, they are served from.
      return { url: mediaPath(sha256, content_type), sizes: copies.map((copy) => ({ width: copy.width, url: mediaPath(copy.sha256, copy.content_type) })) };
    },

    async publish(page, known) {
      const at = await host();
      // Links to other hosted pages come with the host that they have now; the document is to hold whatever it is called.
      const text = hostedDocument(page, siteFrameOf(project, dna, page.phone)).replaceAll(`${hosting.originOf(at)}/`, `${ORIGIN_MARK}/`);
      const document = sha256Hex(text);
      const url = `${hosting.originOf(at)}${page.path}`;
      await putOnce(storage, documentKey(site, document), text, "text/html; charset=utf-8");
      if (!(await memory.hostedPages.place(project.id, { page_id: page.page_id, path: page.path, sha256: document, canonical: page.canonical }))) {
        return stateOf(page, document, known, at, { placement: "held", url: null, notes: [`Another page is at ${page.path}.`] });
      }
      const own = ownStateSchema.safeParse(known);
      const same = own.success && own.data.document === document && own.data.placement === "live" && own.data.url === url && own.data.sha256 === fingerprintOf(page);
      return same ? own.data : stateOf(page, document, known, at, { placement: "live", url, notes: [] });
    },

    async unpublish(known) {
      const state = ownStateSchema.parse(known);
      await memory.hostedPages.takeDown(state.page_id);
      return { ...state, placement: "taken_down", url: null, at: clock.now() };
    },

    async restore(known) {
      const state = ownStateSchema.parse(known);
      const placed = await memory.hostedPages.place(project.id, { page_id: state.page_id, path: state.path, sha256: state.document, canonical: state.canonical });
      if (!placed) return { ...state, placement: "held", url: null, notes: [`Another page is at ${state.path}.`], at: clock.now() };
      return { ...state, placement: "live", url: `${hosting.originOf(await host())}${state.path}`, notes: [], at: clock.now() };
    },
  };
};
