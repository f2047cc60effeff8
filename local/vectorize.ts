import { WorkerEntrypoint } from "cloudflare:workers";
import { checkProps, demand, type IndexProps } from "./vectorize-limits.ts";
import { type IndexInfo, type LocalEnv, VectorStore } from "./vectorize-store.ts";

export { VectorStore };

/**
 * What stands behind the `VECTORIZE` binding on a developer's machine and in tests, since Cloudflare's own tools simulate
 * everything but Vectorize. The methods and answers are the real binding's, so the product does not know the difference; the
 * limits are enforced too (vectorize-limits.ts). Bound as a service, whose `props` describe the index.
 */
export class LocalVectorize extends WorkerEntrypoint<LocalEnv, Partial<IndexProps>> {
  get #props(): IndexProps {
    return checkProps(this.ctx.props);
  }

  get #store(): DurableObjectStub<VectorStore> {
    return this.env.STORE.getByName(this.#props.index);
  }

  async describe(): Promise<IndexInfo> {
    return this.#store.describe(this.#props);
  }

  async insert(vectors: VectorizeVector[]): Promise<VectorizeAsyncMutation> {
    return this.#store.write("insert", vectors, this.#props);
  }

  async upsert(vectors: VectorizeVector[]): Promise<VectorizeAsyncMutation> {
    return this.#store.write("upsert", vectors, this.#props);
  }

  async query(vector: number[] | VectorFloatArray, options: VectorizeQueryOptions = {}): Promise<VectorizeMatches> {
    return this.#store.query(vector, options, this.#props);
  }

  async queryById(id: string, options: VectorizeQueryOptions = {}): Promise<VectorizeMatches> {
    const [vector] = await this.#store.getByIds([id]);
    demand(vector !== undefined, "QUERY", `there is no vector "${id}"`);
    return this.#store.query(vector?.values ?? [], options, this.#props);
  }

  async getByIds(ids: string[]): Promise<VectorizeVector[]> {
    return this.#store.getByIds(ids);
  }

  async deleteByIds(ids: string[]): Promise<VectorizeAsyncMutation> {
    return this.#store.deleteByIds(ids, this.#props);
  }
}

export default { fetch: () => new Response("This Worker stands in for Vectorize and speaks RPC only.\n", { status: 404 }) };
