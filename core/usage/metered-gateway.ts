import { type Clock, dayOf } from "../clock.ts";
import { logger } from "../log.ts";
import type { TenantMemory } from "../memory/memory.ts";
import type { Spent } from "../memory/usage.store.ts";
import type { Usage } from "../providers/gemini/client.ts";
import type { GeminiGateway, Generate, UsageNote } from "../providers/gemini/gateway.ts";
import { responseJsonSchema } from "../providers/gemini/json-schema.ts";
import { type ModelTable, MODELS, type Purpose } from "../providers/gemini/models.ts";
import { sha256Hex } from "../security/constant-time.ts";
import { checkBudget, NO_SPEND_CAPS } from "./budget.ts";
import { costOfTokens, priceOf } from "./prices.ts";
import type { SpendCaps, UsageLine } from "./usage.types.ts";

const log = logger("usage");

/** Long enough for a run that is tried again; what customers said is not kept for longer than that. */
const ANSWERS_KEPT_MS = 86_400_000;
/** A row of D1 holds 2 MB. */
const LONGEST_ANSWER = 500_000;
/** What a vendor may have us write down as the name of a model. */
const LONGEST_NAME = 80;

export interface MeteredGatewayTools {
  memory: Pick<TenantMemory, "tenantId" | "usage">;
  /** Whose usage it is; null: the tenant's as a whole, as before there is a project. */
  projectId: string | null;
  /** The run that it is for, which will know what it has cost. */
  runId: string | null;
  /** The gateway to the vendor, telling whoever it is given of every try. */
  connect: (onUsage: UsageNote) => GeminiGateway;
  /** Caps by the tenant's plan. */
  capsOf: (plan: string) => SpendCaps;
  clock: Clock;
  models?: ModelTable;
}

/** The ledger's lines of one try. */
export const linesOf = ({ purpose, model, input_tokens, output_tokens }: Usage & { purpose: Purpose }, at: number): UsageLine[] => {
  const price = priceOf(model, dayOf(at));
  const name = model.slice(0, LONGEST_NAME);
  const line = (kind: UsageLine["kind"], detail: string, quantity: number, unit: number): UsageLine => ({ kind, detail, quantity, cost_micros: costOfTokens(quantity, unit) });
  if (purpose === "embedding") return [line("embedding_tokens", name, input_tokens, price.input)];
  return [line("model_input_tokens", `${purpose}:${name}`, input_tokens, price.input), line("model_output_tokens", `${purpose}:${name}`, output_tokens, price.output)];
};

/**
 * A tenant's way to the models: asks its budget before each call, writes what each try cost into its ledger, and gives an answer
 * again that it has already, where the caller says what the answer depends on.
 */
export const createMeteredGateway = ({ memory, projectId, runId, connect, capsOf, clock, models = MODELS }: MeteredGatewayTools): GeminiGateway => {
  let caps = NO_SPEND_CAPS;
  const check = (spent: Spent): void => {
    caps = capsOf(spent.plan);
    checkBudget(spent, caps, clock.now());
  };
  const mayAsk = async (): Promise<void> => check(await memory.usage.spent("models"));
  const gateway = connect(async (usage) => {
    const warned = await memory.usage.add({ project_id: projectId, run_id: runId, budget: "models", caps, lines: linesOf(usage, clock.now()) });
    for (const period of warned) log.warn("budget nearly used up", { tenant_id: memory.tenantId, budget: "models", period });
  });

  const questionOf = <T>({ cacheKey, purpose, schema }: Generate<T>): string | null =>
    cacheKey === undefined ? null : sha256Hex(JSON.stringify([cacheKey, purpose, models[purpose].id, responseJsonSchema(schema)]));

  return {
    async generate(request) {
      const question = questionOf(request);
      const { spent, answer } = question === null ? { spent: await memory.usage.spent("models"), answer: undefined } : await memory.usage.spentAndAnswer("models", question);
      // What is kept was parsed before it was kept, maybe by an older schema.
      const kept = answer === undefined ? undefined : request.schema.safeParse(answer);
      if (kept?.success === true) return { value: kept.data, usage: { input_tokens: 0, output_tokens: 0, model: models[request.purpose].id } };
      check(spent);
      const generated = await gateway.generate(request);
      if (question !== null && JSON.stringify(generated.value).length <= LONGEST_ANSWER) await memory.usage.keepAnswer(question, generated.value, ANSWERS_KEPT_MS);
      return generated;
    },
    async embed(request) {
      if (request.texts.length > 0) await mayAsk();
      return gateway.embed(request);
    },
    async withFile(upload, use) {
      await mayAsk();
      return gateway.withFile(upload, use);
    },
  };
};
