import { keptByRuntime } from "./runtime.ts";

type Invoke = (name: string, data: [url: string, importer: string | undefined, options: { cached: boolean }]) => Promise<unknown>;
type ResolveId = (id: string, importer?: string) => Promise<unknown>;

interface ModuleRunner {
  transport: { invoke: Invoke };
  vitestOptions: { transport: { resolveId: ResolveId } };
}

const runner = (): ModuleRunner => (globalThis as unknown as { __vitest_mocker__: { moduleRunner: ModuleRunner } }).__vitest_mocker__.moduleRunner;

/**
 * Vitest asks its main process for each import, 2,700 times to load the Worker, whether the code that this runtime has is still the newest:
 * two thirds of the time that it takes to load it again. It is: what changes under `--watch`, Vitest makes its runtimes forget.
 */
export const askForUnknownModulesOnly = (): void => {
  const { transport } = runner();
  const ask = keptByRuntime("ask", () => transport.invoke.bind(transport));
  transport.invoke = async (name, data) => (name === "fetchModule" && data[2].cached ? { cache: true } : ask(name, data));
};

/**
 * At each request to the Worker, and whenever an object comes to life, the pool asks the main process where the Worker's main module is. It is where it
 * was; and an object whose alarm rings at the very end of a run would leave the question open, which fails the run.
 */
export const askOnceWhereModulesAre = (): void => {
  const { transport } = runner().vitestOptions;
  const ask = keptByRuntime("resolve", () => transport.resolveId.bind(transport));
  const known = keptByRuntime("resolved", () => new Map<string, unknown>());
  transport.resolveId = async (id, importer) => {
    const name = `${id}\n${importer ?? ""}`;
    if (!known.has(name)) known.set(name, await ask(id, importer));
    return known.get(name);
  };
};
