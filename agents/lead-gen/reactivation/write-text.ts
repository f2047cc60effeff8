import { z } from "zod";
import { iso } from "../../../core/clock.ts";
import type { CampaignSettings } from "../../../core/contact/campaign.types.ts";
import { smsSize } from "../../../core/contact/segments.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import { describeError } from "../../../core/errors.ts";
import { logger } from "../../../core/log.ts";
import type { PlannedRecipient, WrittenText } from "../../../core/memory/campaign-recipients.store.ts";
import type { OldCustomer } from "../../../core/memory/old-customers.store.ts";
import type { GeminiGateway } from "../../../core/providers/gemini/gateway.ts";
import { smsMicros } from "../../../core/security/consent/prices.data.ts";
import { fenced, fenceRule, newMark } from "../../fence.ts";
import { clip, oneLine } from "../call-analysis/words.ts";
import { lastContactAt } from "./eligibility.ts";
import { whatIsWrong } from "./text-check.ts";
import { historyOf, templateText } from "./text.ts";

const log = logger("reactivation");

const MOST_OUTPUT_TOKENS = 512;
const MOST_HISTORY = 600;

const answerSchema = z.object({ text: z.string().max(1000).describe("The text message, on one line") });
const summarySchema = z.looseObject({ summary: z.string() }).optional().catch(undefined);

export interface Writing {
  dna: Dna;
  settings: Pick<CampaignSettings, "message_template" | "personalised">;
  gateway: Pick<GeminiGateway, "generate">;
  signal?: AbortSignal;
}

const systemFor = ({ dna, settings }: Writing, mark: string): string =>
  [
    `You write one text message from ${oneLine(dna.identity.business_name)}, a local service business, to a customer whom it served before and has not heard of for a long time.`,
    `Tone: ${oneLine(dna.brand_brain.voice_tone)}. The business's own wording, to keep close to: ${oneLine(settings.message_template)}`,
    "One or two short sentences in plain letters, at most 300 characters. Address the person by first name if it is known, and mention what was done for them in general words.",
    `Name the business exactly as "${oneLine(dna.identity.business_name)}" and end with: Reply STOP to opt out.`,
    "No links, phone numbers, prices, dates, figures, discounts, offers, promises or emoji. Nothing private or about health, money or other people. Do not say that you read their history.",
    ...(dna.brand_brain.forbidden_topics.length === 0 ? [] : [`Never touch: ${dna.brand_brain.forbidden_topics.map((topic) => oneLine(topic)).join("; ")}.`]),
    fenceRule(mark, "written or spoken"),
  ].join("\n");

/** One person's words are in no question about another. */
const questionAbout = (customer: OldCustomer, mark: string): string => {
  const { first_name, service } = historyOf(customer);
  const { metadata } = customer;
  const lines = [
    `First name: ${first_name ?? "(not known)"}`,
    `Service: ${service ?? "(not known)"}`,
    `Last in touch: ${iso(lastContactAt(customer)).slice(0, 7)}`,
    ...(typeof metadata.message === "string" ? [`They had written: ${clip(oneLine(metadata.message), MOST_HISTORY)}`] : []),
    ...[summarySchema.parse(metadata.call_analysis)?.summary].flatMap((summary) => (summary === undefined ? [] : [`Of their last call: ${clip(oneLine(summary), MOST_HISTORY)}`])),
  ];
  return `The customer:\n${fenced(mark, lines.join("\n"))}`;
};

/** What the model writes, or null where it is not to be sent: it breaks a rule, or no model could be asked. @throws the signal's reason */
const written = async (writing: Writing, customer: OldCustomer): Promise<{ text: string } | "not fit" | "not asked"> => {
  const mark = newMark();
  try {
    const { value } = await writing.gateway.generate({
      purpose: "prose", system: systemFor(writing, mark), parts: [{ text: questionAbout(customer, mark) }], schema: answerSchema, maxOutputTokens: MOST_OUTPUT_TOKENS,
      ...(writing.signal === undefined ? {} : { signal: writing.signal }),
    });
    const text = oneLine(value.text);
    const wrong = whatIsWrong(text, { dna: writing.dna, template: writing.settings.message_template });
    if (wrong === null) return { text };
    log.warn("a text of the model's is not sent; the template is", { lead_id: customer.id, wrong });
    return "not fit";
  } catch (error) {
    writing.signal?.throwIfAborted();
    log.warn("no model could be asked for a text; the template is sent", { lead_id: customer.id, error: describeError(error) });
    return "not asked";
  }
};

const sized = (recipient: PlannedRecipient, body: string, written_by: WrittenText["written_by"]): WrittenText => {
  const { segments } = smsSize(body);
  return { id: recipient.id, body, written_by, segments, cost_micros: smsMicros(recipient.phone, segments) };
};

/**
 * The words for some people of a campaign: a model's, where it keeps to the rules, else the template's. When it cannot be asked for
 * any of them, it is not asked for the others of this attempt: `asked` false.
 */
export const writeTexts = async (writing: Writing, people: { recipient: PlannedRecipient; customer: OldCustomer }[]): Promise<{ texts: WrittenText[]; asked: boolean }> => {
  const answers = await Promise.all(people.map(async ({ customer }) => (writing.settings.personalised ? written(writing, customer) : "not fit")));
  const texts = people.map(({ recipient, customer }, index) => {
    const answer = answers[index];
    return typeof answer === "object" ? sized(recipient, answer.text, "model") : sized(recipient, templateText(writing.settings.message_template, writing.dna, customer), "template");
  });
  return { texts, asked: answers.some((answer) => answer !== "not asked") };
};
