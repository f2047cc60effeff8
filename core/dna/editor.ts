import { AppError } from "../errors.ts";
import type { Clock } from "../clock.ts";
import { newId } from "../ids.ts";
import type { Project } from "../memory/projects.store.ts";
import type { TenantMemory } from "../memory/memory.ts";
import { nextCanaryAt } from "./canary.ts";
import type { DnaLayerName } from "./compose.ts";
import { nextDues } from "../schedule/jobs.ts";
import { type DnaLoader, dnaKey } from "./loader.ts";

export interface DnaEdit {
  layer: DnaLayerName;
  /** The new text. Called again when somebody else has written meanwhile, with what they wrote. */
  text: (current: () => Promise<string>, project: Project) => Promise<string> | string;
  /** Looks at the project before anything is written, e.g. at an `If-Match`. @throws AppError to give up */
  check?: (project: Project) => void;
  restored_from?: string;
}

export interface DnaEditor {
  /**
   * Writes a version and puts it in force; nothing changes unless the whole DNA is valid with it.
   * @throws AppError 404 for the project, 422 with each mistake, 503 when others kept writing
   */
  edit(memory: Pick<TenantMemory, "projects" | "dnaVersions">, projectId: string, edit: DnaEdit): Promise<{ text: string; version: string }>;
}

/** Without a condition the last writer wins; this often somebody else may win meanwhile. */
const MAX_RACES = 5;

export const createDnaEditor = ({ bucket, loader, clock }: { bucket: R2Bucket; loader: DnaLoader; clock: Pick<Clock, "now"> }): DnaEditor => ({
  async edit(memory, projectId, { layer, text: write, check, restored_from }) {
    for (let race = 0; race < MAX_RACES; race++) {
      const project = await memory.projects.get(projectId);
      check?.(project);
      const text = await write(async () => loader.readLayer(project, layer), project);
      const dna = await loader.preview(project, layer, text);
      const canaryAt = nextCanaryAt(dna, clock.now());
      const version = newId("dna", clock.now());
      // The version is stored before the row points at it: a crash in between leaves a file that nobody reads.
      await bucket.put(dnaKey(project, layer, version), text, { httpMetadata: { contentType: "application/yaml" } });
      const expected = layer === "custom" ? project.dna_custom : project.dna_generated;
      const next = { version, bytes: new TextEncoder().encode(text).byteLength, restored_from: restored_from ?? null };
      if (await memory.dnaVersions.advance(project.id, layer, expected, next, canaryAt, nextDues(project.id, dna, clock.now()))) return { text, version };
    }
    throw new AppError({ code: "dna_contended", status: 503, message: "The DNA kept changing while it was written.", retryable: true });
  },
});
