import { randomUUID } from "node:crypto";
import { type Call, intakeSchema } from "./api.schemas.ts";
import { type Answer, type Client, send } from "./client.ts";
import { eventually } from "./eventually.ts";
import type { House } from "./house.ts";
import { phoneNumber } from "./phone-numbers.ts";

export interface BusinessOptions {
  /** The phones to ring, in order. */
  destinations?: readonly string[];
  /** More DNA: lines of YAML under `sales_bridge`. */
  bridge?: readonly string[];
  client?: Client;
}

export interface GoogleLead {
  name?: string;
  phone?: string;
  email?: string;
  service?: string;
  city?: string;
  lead_id?: string;
  is_test?: boolean;
}

/** Ends after which the owner has no need of a text, having spoken to the customer or refused to. */
const WITHOUT_CARD = new Set(["connected", "owner_declined"]);
/** Ends after which the customer hears from the business by text. */
const WITH_MISSED_TEXT = new Set(["owner_no_answer", "owner_busy", "owner_voicemail", "customer_no_answer", "customer_busy", "customer_voicemail", "carrier_failed", "expired"]);

/** Over, and the texts that are owed then are sent, or were refused. */
export const isSettled = ({ status, end_reason, timeline }: Call): boolean => {
  const reason = end_reason ?? "";
  const refused = (purpose: string): boolean => timeline.some(({ event, detail }) => event === "alert" && detail["purpose"] === purpose);
  const owner = WITHOUT_CARD.has(reason) || timeline.some(({ event }) => event === "sms_owner") || refused("lead_card");
  const customer = !WITH_MISSED_TEXT.has(reason) || timeline.some(({ event, detail }) => event === "sms_customer" && detail["purpose"] === "missed_text") || refused("missed_text");
  return status === "ended" && owner && customer;
};

export type IntakeAnswer = ReturnType<typeof intakeSchema.parse>;

/** Google's own layout (CONTRACTS 2.1). */
export const googlePayload = (key: string, { name = "Jane Doe", phone, email, service, city, lead_id = `Cj0KCQ-${randomUUID()}`, is_test }: GoogleLead) => ({
  lead_id,
  api_version: "1.0",
  form_id: 8123456789,
  campaign_id: 20123456789,
  google_key: key,
  gcl_id: "EAIaIQobChMI",
  ...(is_test === undefined ? {} : { is_test }),
  user_column_data: [
    { column_id: "FULL_NAME", column_name: "Full Name", string_value: name },
    ...(phone === undefined ? [] : [{ column_id: "PHONE_NUMBER", column_name: "User Phone", string_value: phone }]),
    ...(email === undefined ? [] : [{ column_id: "EMAIL", column_name: "User Email", string_value: email }]),
    ...(service === undefined ? [] : [{ column_id: "SERVICE", string_value: service }]),
    ...(city === undefined ? [] : [{ column_id: "CITY", string_value: city }]),
  ],
});

/** A project with people to ring, as the forms and its owner see it. */
export const openBusiness = async (house: House, { destinations = [phoneNumber()], bridge = [], client = house.client }: BusinessOptions = {}) => {
  const project_id = `p-${randomUUID().slice(0, 13)}`;
  await client.createProject({ project_id, name: "Rata Street Plumbing", country: "NZ" });
  const dna = [
    "modules:",
    "  lead_gen:",
    "    sales_bridge:",
    "      destinations:",
    ...destinations.map((phone, index) => `        - { name: Owner ${index + 1}, phone: "${phone}" }`),
    ...bridge.map((line) => `      ${line}`),
  ].join("\n");
  await client.putDna(project_id, `${dna}\n`);
  const webhooks = await client.webhooks(project_id);

  const accepted = (answer: Answer): IntakeAnswer => {
    if (answer.status !== 200) throw new Error(`intake: ${answer.status} ${answer.bytes.toString()}`);
    return answer.as(intakeSchema);
  };
  const submitGoogle = async (lead: GoogleLead): Promise<IntakeAnswer> => accepted(await send("POST", webhooks.google_ads.url, { json: googlePayload(webhooks.google_ads.key, lead) }));
  /** As Contact Form 7 sends it. */
  const submitWordPress = async (fields: Record<string, unknown>): Promise<IntakeAnswer> => accepted(await send("POST", webhooks.wordpress.url, { json: fields, headers: { "X-Apex-Key": webhooks.wordpress.key } }));

  /** The lead's call once it is as wanted. A lead never has two at a time. */
  const callWhen = async (leadId: string, what: string, wanted: (call: Call) => boolean): Promise<Call> => {
    let seen: unknown;
    return eventually(
      `lead ${leadId}: ${what}`,
      async () => {
        const { items } = await client.calls({ lead_id: leadId });
        if (items.length > 1) throw new Error(`lead ${leadId} has ${items.length} calls`);
        const [listed] = items;
        const call = listed && (await client.call(listed.id));
        seen = call;
        return call !== undefined && wanted(call) && call;
      },
      () => seen,
    );
  };

  return {
    project_id,
    client,
    owner: destinations[0] ?? "",
    webhooks,
    dna,
    submitGoogle,
    submitWordPress,
    callWhen,
    /** Over, and owner and customer have the texts that tell them so where they could not be connected. */
    settled: async (leadId: string): Promise<Call> => callWhen(leadId, "call ended", isSettled),
    analysed: async (leadId: string): Promise<Call> => callWhen(leadId, "call analysed", (call) => call.analysis !== null && call.timeline.some(({ event }) => event === "analysed")),
  };
};

export type Business = Awaited<ReturnType<typeof openBusiness>>;
export const eventsOf = (call: Pick<Call, "timeline">): string[] => call.timeline.map(({ event }) => event);

/** The same without texts: two that are owed at the same moment are sent in any order. */
export const storyOf = (call: Pick<Call, "timeline">): string[] => eventsOf(call).filter((event) => !event.startsWith("sms_"));
