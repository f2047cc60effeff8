import { keptByRuntime } from "./runtime.ts";

type Invoke = (name: string, data: [url: string, importer: string | undefined, options: { cached: boolean }]) => Promise<unknown>;

/**
 * Vitest asks its main process for each import, 2,700 times to load the Worker, whether the code that this runtime has is still the newest:
 * two thirds of the time that it takes to load it again. It is: what changes under `--watch`, Vitest makes its runtimes forget.
 */
export const askForUnknownModulesOnly = (): void => {
  const { transport } = (globalThis as unknown as { __vitest_mocker__: { moduleRunner: { transport: { invoke: Invoke } } } }).__vitest_mocker__.moduleRunner;
  const ask = keptByRuntime("ask", () => transport.invoke.bind(transport));
  transport.invoke = async (name, data) => (name === "fetchModule" && data[2].cached ? { cache: true } : ask(name, data));
};
