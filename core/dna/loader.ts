import defaultsYaml from "../../profiles/defaults.yaml";
import { effectiveDna, type Layer, parseLayer } from "./layers.ts";
import type { Dna } from "./schema.ts";

/** What the loader needs to know of a project: it is read with the project's row, so a cached copy is never stale. */
export interface DnaRef {
  id: string;
  tenant_id: string;
  name: string;
  country: string;
  dna_custom: string | null;
  dna_generated: string | null;
}

export type DnaLayerName = "custom" | "generated";

/** `{tenant}/profiles/{project}/dna.{layer}/{version}.yaml`: versions are immutable, so a key never changes its content. */
export const dnaKey = (project: Pick<DnaRef, "id" | "tenant_id">, layer: DnaLayerName, version: string): string =>
  `${project.tenant_id}/profiles/${project.id}/dna.${layer}/${version}.yaml`;

const CACHE_SIZE = 500;
const defaults: Layer = parseLayer(defaultsYaml);

export interface DnaLoader {
  /** The effective DNA of the version that the row names. Costs no R2 read when this isolate has seen that version. */
  load(project: DnaRef): Promise<Dna>;
  /** The text of one layer, "" while nothing was written. */
  readLayer(project: DnaRef, layer: DnaLayerName): Promise<string>;
  /** What the DNA would be with this custom text. @throws AppError 422 */
  preview(project: DnaRef, customYaml: string): Promise<Dna>;
}

export const createDnaLoader = ({ bucket }: { bucket: R2Bucket }): DnaLoader => {
  const cache = new Map<string, Dna>();

  const readLayer = async (project: DnaRef, layer: DnaLayerName): Promise<string> => {
    const version = layer === "custom" ? project.dna_custom : project.dna_generated;
    if (version === null) return "";
    const object = await bucket.get(dnaKey(project, layer, version));
    if (!object) throw new Error(`DNA version ${version} of project ${project.id} is missing from storage`);
    return object.text();
  };

  const lay = async (project: DnaRef, customYaml: string): Promise<Dna> => {
    const own: Layer = { identity: { project_id: project.id, business_name: project.name, country: project.country } };
    const generated = parseLayer(await readLayer(project, "generated"));
    return effectiveDna(defaults, own, generated, parseLayer(customYaml), { identity: { project_id: project.id } });
  };

  return {
    readLayer,
    preview: lay,
    async load(project) {
      const key = [project.id, project.name, project.country, project.dna_generated, project.dna_custom].join("\n");
      const known = cache.get(key);
      if (known) return known;
      const dna = await lay(project, await readLayer(project, "custom"));
      const oldest = cache.keys().next();
      if (cache.size >= CACHE_SIZE && !oldest.done) cache.delete(oldest.value);
      cache.set(key, dna);
      return dna;
    },
  };
};
