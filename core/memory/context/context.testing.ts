import { env } from "cloudflare:workers";
import type { Clock } from "../../clock.ts";
import { createGeminiGateway } from "../../providers/gemini/gateway.ts";
import { type EmbeddingModel, MODELS } from "../../providers/gemini/models.ts";
import { systemActor } from "../actor.ts";
import { createMemory } from "../memory.ts";
import { createBrandContext } from "./brand-context.ts";
import type { Passage } from "./context.types.ts";
import type { ContextIndex } from "./vector-index.ts";

/** The product's own index and model, on D1 and the Vectorize stand-in. */
export const serving: ContextIndex = { vectors: env.VECTORIZE, model: MODELS.embedding };

/** Another index of the same kind, as one that takes over would be. */
export const indexOf = (vectors: ContextIndex["vectors"], id: string, dimensions = 768): ContextIndex => ({ vectors, model: { ...MODELS.embedding, id, dimensions } satisfies EmbeddingModel });

let count = 0;

/** A tenant with projects of its own, and its brand brain. */
export const newBusiness = async ({ d1 = env.DB, clock = { now: () => Date.now(), toRealTime: (ms: number) => ms } }: { d1?: D1Database; clock?: Clock } = {}) => {
  const memory = createMemory({ d1, clock });
  const user = await memory.directory.signUp({ email: `context-${++count}-${crypto.randomUUID()}@x.nz`, name: "x", password_hash: "x" }, { ip: null, request_id: null });
  const store = memory.for(user.tenant_id, systemActor("test"));
  const newProject = async (): Promise<string> => {
    const project = await store.projects.create({ id: `ctx-${++count}`, name: "Acme", country: "NZ", keys: [{ source: "wordpress", key_hash: crypto.randomUUID(), key_sealed: "x" }] });
    return project.id;
  };
  const gateway = createGeminiGateway({ apiKey: "k", baseUrl: "https://gemini.test", wait: async () => Promise.resolve() });
  const brain = (indexes: { serving?: ContextIndex; filling?: ContextIndex } = {}, from = store) => createBrandContext({ memory: from, gatewayOf: () => gateway, serving: indexes.serving ?? serving, filling: indexes.filling });
  return { tenantId: user.tenant_id, store, memory, project: await newProject(), newProject, brain, context: brain() };
};

export interface StoredPassage {
  id: string;
  project_id: string;
  type: string;
  source: string;
  text: string;
  model: string;
  state: string;
}

export const rowsOf = async (projectId: string): Promise<StoredPassage[]> =>
  (await env.DB.prepare("SELECT id, project_id, type, source, text, model, state FROM context_passages WHERE project_id = ? ORDER BY id").bind(projectId).all<StoredPassage>()).results;

/** Every vector in an index's namespace (100 at most), whatever it is about. */
export const vectorsOf = async (tenantId: string, index: ContextIndex = serving): Promise<string[]> => {
  const { matches } = await index.vectors.query(new Array<number>(index.model.dimensions).fill(1), { topK: 100, namespace: tenantId });
  return matches.map(({ id }) => id).sort();
};

/** Passages as a business's website gives them. */
export const site = (...texts: string[]): Passage[] => texts.map((text) => ({ type: "site", text }));

/** Who follows the index. */
export const holder = "run_test";
