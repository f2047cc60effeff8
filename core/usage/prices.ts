import { dayOf } from "../clock.ts";
import type { Usage } from "../providers/gemini/client.ts";
import { type GenerationPurpose, type ModelTable, MODELS } from "../providers/gemini/models.ts";
import { MODEL_PRICES, type ModelPrice, STORAGE_GIGABYTE_DAY_MICROS } from "./prices.data.ts";

const TOKENS_A_PRICE = 1_000_000;

/** A model that we know no price of is taken for the dearest: a cap that is met too early is noticed, one that never is, not. */
const dearest = (prices: readonly ModelPrice[]): Pick<ModelPrice, "input" | "output"> => ({
  input: Math.max(...prices.map(({ input }) => input)),
  output: Math.max(...prices.map(({ output }) => output)),
});

/**
 * The price of a model on a day. Versions (`gemini-3.5-flash-lite-002`) go by the longest name that theirs begins with.
 * @param model as configured, or as the vendor says that it answered
 */
export const priceOf = (model: string, day: string, prices: readonly ModelPrice[] = MODEL_PRICES): Pick<ModelPrice, "input" | "output"> => {
  const fitting = prices.filter((price) => model.startsWith(price.model) && (price.from ?? "") <= day);
  const [best] = fitting.toSorted((one, other) => other.model.length - one.model.length || (other.from ?? "").localeCompare(one.from ?? ""));
  return best ?? dearest(prices);
};

/** Micro-dollars, rounded up. */
export const costOfTokens = (tokens: number, price: number): number => Math.ceil((tokens * price) / TOKENS_A_PRICE);

/** What a model's answer costs by list prices, in micro-dollars. @param at when it is asked, ms */
export const modelMicros = ({ model, input_tokens, output_tokens }: Usage, at: number): number => {
  const price = priceOf(model, dayOf(at));
  return costOfTokens(input_tokens, price.input) + costOfTokens(output_tokens, price.output);
};

/**
 * What asking a model will cost, at least where it answers at the first try, in micro-dollars: to be asked before something
 * expensive starts.
 * @param at when it will be asked, ms
 */
export const estimateModelMicros = ({ purpose, inputTokens, outputTokens, at }: { purpose: GenerationPurpose; inputTokens: number; outputTokens: number; at: number }, models: ModelTable = MODELS): number =>
  modelMicros({ model: models[purpose].id, input_tokens: inputTokens, output_tokens: outputTokens }, at);

/** What it costs to have so many bytes stored for a day, in micro-dollars. */
export const storageDayMicros = (bytes: number): number => Math.ceil((bytes * STORAGE_GIGABYTE_DAY_MICROS) / 1e9);

/** What Google's documentation takes for a token of English text, to estimate by. */
const CHARACTERS_PER_TOKEN = 4;
export const estimateTokens = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_TOKEN);

/** What it will cost to embed so many characters with the serving model, in micro-dollars. @param at when it is done, ms */
export const estimateEmbeddingMicros = (characters: number, at: number, model: string = MODELS.embedding.id): number => costOfTokens(estimateTokens(characters), priceOf(model, dayOf(at)).input);
