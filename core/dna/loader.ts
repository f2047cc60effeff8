import { logger } from "../log.ts";
import { remember } from "../remember.ts";
import { sha256Hex } from "../security/constant-time.ts";
import { checkCustom, type DnaCheck } from "./check.ts";
import { createComposer, type DnaLayerName, type Profiles, requireValid, salvage } from "./compose.ts";
import { bundledProfiles } from "./profiles.ts";
import type { Dna } from "./schema.ts";

export type { DnaLayerName } from "./compose.ts";

const log = logger("dna");

/** What the loader needs to know of a project: it is read with the project's row, so a cached copy is never stale. */
export interface DnaRef {
  id: string;
  tenant_id: string;
  name: string;
  country: string;
  dna_custom: string | null;
  dna_generated: string | null;
}

/** `{tenant}/profiles/{project}/dna.{layer}/{version}.yaml`: versions are immutable, so a key never changes its content. */
export const dnaKey = (project: Pick<DnaRef, "id" | "tenant_id">, layer: DnaLayerName, version: string): string =>
  `${project.tenant_id}/profiles/${project.id}/dna.${layer}/${version}.yaml`;

const CACHE_SIZE = 500;

export interface LoadedDna {
  dna: Dna;
  /** The niche whose vertical is part of it. */
  vertical: string | null;
  /** Changes with anything that the DNA is made of: the project's row and versions, the vertical, the defaults. */
  fingerprint: string;
  /** For each value of the DNA, by path, the layer it comes from. */
  origins: () => Record<string, string>;
}

export interface DnaLoader {
  /** The effective DNA of the versions that the row names. Costs no R2 read when this isolate has seen them. */
  load(project: DnaRef): Promise<Dna>;
  /** The same, with all that is known about it. */
  resolve(project: DnaRef): Promise<LoadedDna>;
  /** The text of one layer, "" while nothing was written. */
  readLayer(project: DnaRef, layer: DnaLayerName): Promise<string>;
  /** The text of a version that was written once. */
  readVersion(project: Pick<DnaRef, "id" | "tenant_id">, layer: DnaLayerName, version: string): Promise<string>;
  /** What the DNA would be with this text as one of its layers. @throws AppError 422 */
  preview(project: DnaRef, layer: DnaLayerName, yaml: string): Promise<Dna>;
  /** What this text would do as the custom layer, right or wrong. */
  check(project: DnaRef, yaml: string): Promise<DnaCheck>;
}

export const createDnaLoader = ({ bucket, profiles = bundledProfiles }: { bucket: R2Bucket; profiles?: Profiles }): DnaLoader => {
  const cache = new Map<string, LoadedDna>();
  const composer = createComposer(profiles);

  const readVersion: DnaLoader["readVersion"] = async (project, layer, version) => {
    const object = await bucket.get(dnaKey(project, layer, version));
    if (!object) throw new Error(`DNA version ${version} of project ${project.id} is missing from storage`);
    return object.text();
  };

  const readLayer: DnaLoader["readLayer"] = async (project, layer) => {
    const version = layer === "custom" ? project.dna_custom : project.dna_generated;
    return version === null ? "" : readVersion(project, layer, version);
  };

  const resolve = async (project: DnaRef): Promise<LoadedDna> => {
    const key = [project.tenant_id, project.id, project.name, project.country, project.dna_generated, project.dna_custom].join("\n");
    const known = cache.get(key);
    if (known) return known;
    const [generated, custom] = await Promise.all([readLayer(project, "generated"), readLayer(project, "custom")]);
    const composition = composer.compose({ project, generated, custom });
    const { dna, origins, dropped } = salvage(composition);
    if (dropped.length > 0) log.error("stored DNA has values that this release does not accept; it goes without them", { project_id: project.id, tenant_id: project.tenant_id, dropped });
    const { vertical } = composition;
    const loaded = { dna, origins, vertical, fingerprint: sha256Hex(`${key}\n${composer.shared(vertical)}`).slice(0, 32) };
    remember(cache, CACHE_SIZE, key, loaded);
    return loaded;
  };

  return {
    readLayer,
    readVersion,
    resolve,
    load: async (project) => (await resolve(project)).dna,
    async preview(project, layer, yaml) {
      // What is being replaced need not be readable.
      const [generated, custom] = await Promise.all([layer === "generated" ? yaml : readLayer(project, "generated"), layer === "custom" ? yaml : readLayer(project, "custom")]);
      return requireValid(composer.compose({ project, generated, custom }), layer).dna;
    },
    check: async (project, custom) => checkCustom(composer, { project, generated: await readLayer(project, "generated"), custom }),
  };
};
