import { randomUUID } from "node:crypto";
import { intakeSchema } from "../support/api.schemas.ts";
import { googlePayload } from "../support/business.ts";
import { type Client, createClient, send } from "../support/client.ts";
import { hangUp } from "../support/hang-up.ts";
import { OUR_NUMBER } from "../../../scripts/lib/sandbox-vars.ts";
import type { House } from "../support/house.ts";
import { phoneNumber } from "../support/phone-numbers.ts";
import { sessionSchema } from "../support/api.schemas.ts";
import type { Business, Deed, Person, Scenario } from "./scenario.types.ts";

/*
 * A scenario's people and business in a house: their telephones at the sandbox, their DNA and the doors that customers come in by.
 */

const PASSWORD = "a long enough password";

/** A tenant that signs in again when its token has grown too old for the business's clock. */
export const newTenant = async (house: House) => {
  const email = `${randomUUID()}@example.nz`;
  const enter = async (how: "signup" | "login"): Promise<Client> => {
    const answer = await send("POST", `${house.url}/api/auth/${how}`, { json: { email, password: PASSWORD, ...(how === "signup" ? { name: "Owner" } : {}) } });
    return createClient({ url: house.url, token: answer.as(sessionSchema).token, credentials: { email, password: PASSWORD } });
  };
  let client = await enter("signup");
  return {
    get client(): Client { return client; },
    signIn: async (): Promise<void> => {
      client = await enter("login");
    },
  };
};
export type Tenant = Awaited<ReturnType<typeof newTenant>>;

const numberOf = (person: Person): string => (typeof person === "string" ? phoneNumber(person) : (person.number ?? phoneNumber()));

const indented = (lines: readonly string[], depth: number): string[] => lines.map((line) => `${" ".repeat(depth)}${line}`);

/** What most scenarios are not about is off: recordings cost the models' time, and the owner's feedback is a text more. */
const yamlOf = ({ team, bridge = [], inbound = [], dna = [] }: Business, phones: ReadonlyMap<string, string>): string => {
  const people = team.map((member) => (typeof member === "string" ? ([member, ""] as const) : member));
  const usual = (name: string, line: string): string[] => (bridge.some((own) => own.startsWith(`${name}:`)) ? [] : [line]);
  const yaml = [
    ...dna,
    "modules:",
    "  lead_gen:",
    "    sales_bridge:",
    "      destinations:",
    ...people.map(([name, more]) => `        - { name: ${name}, phone: "{${name}}"${more === "" ? "" : `, ${more}`} }`),
    ...indented([...usual("recording", "recording: { enabled: false }"), ...usual("feedback", "feedback: { enabled: false }"), ...bridge], 6),
    ...(inbound.length === 0 ? [] : ["    inbound:", ...indented(inbound, 6)]),
  ].join("\n");
  return `${yaml.replaceAll(/"\{(\w+)\}"/g, (place, name: string) => (phones.has(name) ? `"${phones.get(name) ?? ""}"` : place))}\n`;
};

export const setStage = async (house: House, tenant: Tenant, scenario: Scenario) => {
  const phones = new Map(Object.entries(scenario.people).map(([name, person]) => [name, numberOf(person)]));
  const phoneOf = (name: string): string => {
    const phone = phones.get(name);
    if (phone === undefined) throw new Error(`nobody is called ${name} in: ${scenario.name}`);
    return phone;
  };
  for (const [name, person] of Object.entries(scenario.people)) {
    if (typeof person === "string") continue;
    const { number: _, ...behaviour } = person;
    if (Object.keys(behaviour).length > 0) house.sandbox.setNumber(phoneOf(name), behaviour);
  }
  const project_id = `s-${randomUUID().slice(0, 13)}`;
  const { client } = tenant;
  await client.createProject({ project_id, name: "Rata Street Plumbing", country: scenario.business.country ?? "NZ" });
  await client.putDna(project_id, yamlOf(scenario.business, phones));
  const doors = await client.webhooks(project_id);
  // As the number is set up at Twilio: its voice URL, and where the end of a call is told.
  const statusUrl = `${house.url}/api/voice/status?project_id=${project_id}`;

  const control = async (path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${house.sandbox.url}/_sandbox/twilio/${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };

  /** Everything but waiting, which is the runner's. */
  const act = async (deed: Exclude<Deed, { until: unknown }>): Promise<void> => {
    if ("form" in deed) {
      const { form, name = "Jane Doe", service, message } = deed;
      const payload = googlePayload(doors.google_ads.key, { name, phone: phoneOf(form), ...(service === undefined ? {} : { service }) });
      if (message !== undefined) payload.user_column_data.push({ column_id: "MESSAGE", column_name: "Message", string_value: message });
      const answer = (await send("POST", doors.google_ads.url, { json: payload })).as(intakeSchema);
      if (answer.status !== "accepted") throw new Error(`the form was ${answer.status}`);
    } else if ("calls" in deed) {
      await control("incoming-call", { to: OUR_NUMBER, from: deed.hidden === true ? "anonymous" : phoneOf(deed.calls), url: doors.voice.incoming_url, status_callback: statusUrl });
    } else if ("texts" in deed) {
      await control("incoming-message", { to: OUR_NUMBER, from: phoneOf(deed.texts), body: deed.body, url: doors.sms.incoming_url });
    } else if ("hangs_up" in deed) {
      const phone = phoneOf(deed.hangs_up);
      const leg = house.log.legs().findLast((one) => (one.to === phone || one.from === phone) && one.ended === Infinity);
      if (leg === undefined) throw new Error(`${deed.hangs_up} is not on the telephone`);
      await hangUp(house, leg.sid);
    } else if ("told" in deed) {
      await control("told", { number: phoneOf(deed.told), word: deed.word });
    } else if ("becomes" in deed) {
      house.sandbox.setNumber(phoneOf(deed.becomes), deed.now);
    } else if ("blocks" in deed) {
      const answer = await tenant.client.ask("PUT", `/api/projects/${project_id}/blocklist/${encodeURIComponent(phoneOf(deed.blocks))}`, { json: {} });
      if (answer.status !== 204) throw new Error(`blocklist: ${answer.status}`);
    } else if ("outage" in deed) {
      house.sandbox.setTwilioFaults({ calls: deed.outage ? { mode: "before", status: 503 } : null });
    } else {
      await house.kill();
      await house.restart();
    }
  };

  return { project_id, tenant, phones, phoneOf, act };
};

export type Stage = Awaited<ReturnType<typeof setStage>>;
