import { z } from "@hono/zod-openapi";
import type { DnaLayerName } from "../../core/dna/loader.ts";
import { AppError } from "../../core/errors.ts";
import type { Project } from "../../core/memory/projects.store.ts";

/** Stands for a layer to which nothing was written yet: an empty document, with an ETag of its own. */
export const EMPTY = "empty";

export const versionOf = (project: Project, layer: DnaLayerName): string => (layer === "custom" ? project.dna_custom : project.dna_generated) ?? EMPTY;
export const etagOf = (project: Project, layer: DnaLayerName): string => `"${versionOf(project, layer)}"`;

export const yamlContent = { "application/yaml": { schema: z.string() } };
export const yaml = (text: string, headers: Record<string, string>): Response => new Response(text, { headers: { "Content-Type": "application/yaml; charset=utf-8", ...headers } });

export const ifMatch = z.object({ "if-match": z.string().max(400).optional() });

/** Whether a header names the ETag. A proxy that compresses makes it weak (`W/`), and hands that to the client. */
export const names = (header: string | undefined, etag: string): boolean => (header ?? "").split(",").some((each) => ["*", etag].includes(each.trim().replace(/^W\//, "")));

/** For the editor: gives up when the custom layer is not (any more) one of those that an `If-Match` names. */
export const unlessChanged = (header: string | undefined) => (project: Project): void => {
  if (header === undefined || names(header, etagOf(project, "custom"))) return;
  throw new AppError({ code: "dna_changed", status: 412, message: "The DNA was changed meanwhile. Read it again before you write." });
};
