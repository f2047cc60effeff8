import type { Clock } from "../../core/clock.ts";
import type { Line } from "../../core/contact/line.ts";
import type { Dna } from "../../core/dna/schema.ts";
import { peopleOf } from "../../core/dna/schema.ts";
import { readGoogleAdsBody } from "../../core/intake/google-ads.ts";
import { readWordPressLead } from "../../core/intake/wordpress.ts";
import { newId } from "../../core/ids.ts";
import type { NormalisedLead } from "../../core/intake/normalised-lead.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { type Project, WEBHOOK_SOURCES } from "../../core/memory/projects.store.ts";
import { matchesWebhookKey, webhookKeyPlace } from "../../core/security/webhook-keys.ts";
import type { Vault } from "../../core/security/vault.ts";
import type { BridgeCallClient } from "../../durable/bridge-call/bridge-call.client.ts";
import { rehearse } from "../../durable/bridge-call/rehearsal.ts";

export interface Check {
  what: string;
  passed: boolean;
  detail: string;
}

export interface SimulationTools {
  clock: Pick<Clock, "now">;
  vault: Pick<Vault, "open">;
  bridgeCalls: Pick<BridgeCallClient, "plan">;
  publicUrl: string;
  /** Where a project's calls come from. */
  lineOf: (project: Project) => Line;
}

const MESSAGE = "This is a simulated call.";
const NAME = "Test Customer";

/** Another number of the same kind: nobody rings it. */
const neighbour = (phone: string): string => `${phone.slice(0, -1)}${(Number(phone.at(-1)) + 1) % 10}`;

/** The forms as their senders send them. */
const sampleLeads = (phone: string, country: string, dna: Dna): { source: string; lead: NormalisedLead | null }[] => {
  const google = readGoogleAdsBody(
    { lead_id: "simulated", user_column_data: [{ column_id: "FULL_NAME", string_value: NAME }, { column_id: "PHONE_NUMBER", string_value: phone }] },
    country,
  );
  const wordpress = readWordPressLead({ "your-name": NAME, "your-phone": phone, "your-message": MESSAGE }, { country, mapping: dna.modules.lead_gen.form_mapping });
  return [
    { source: "google_ads", lead: google.ok ? google.value.lead : null },
    { source: "wordpress", lead: wordpress.lead },
  ];
};

/**
 * The simulated call: for each door its key, its reader, and then everything that a lead's call is made of, to the moment at which
 * owner and customer are joined. Nothing is stored and nobody is rung.
 */
export const simulateCalls = async (
  { clock, vault, bridgeCalls, publicUrl, lineOf }: SimulationTools,
  { memory, project, dna }: { memory: TenantMemory; project: Project; dna: Dna },
): Promise<{ passed: boolean; rings: string | null; checks: Check[] }> => {
  const [owner] = peopleOf(dna.modules.lead_gen.sales_bridge);
  const line = lineOf(project);
  const { from } = line;
  const checks: Check[] = [];
  const check = (what: string, passed: boolean, detail: string): void => void checks.push({ what, passed, detail });
  check("somebody to ring", owner !== undefined && dna.modules.lead_gen.enabled, owner === undefined ? "The DNA names nobody." : dna.modules.lead_gen.enabled ? owner.phone : "modules.lead_gen.enabled is false.");
  check("a number to call from", /^\+[1-9]\d{6,14}$/.test(from), from === "" ? "TWILIO_PHONE_NUMBER is not set." : from);

  const keys = await memory.projects.webhookKeys(project.id);
  for (const source of WEBHOOK_SOURCES) {
    const row = keys.find((one) => one.source === source);
    const opens = row !== undefined && (await vault.open(row.key_sealed, webhookKeyPlace({ tenant_id: project.tenant_id, project_id: project.id }, source)).then(async (key) => matchesWebhookKey(key, row.key_hash), () => false));
    check(`${source}: key`, opens, opens ? "opens its door" : "is missing, or cannot be read: rotate it");
  }

  let rings: string | null = null;
  if (owner !== undefined) {
    const customer = neighbour(owner.phone);
    const suppressed = await memory.optOuts.among([owner.phone, customer]);
    for (const { source, lead } of sampleLeads(customer, project.country, dna)) {
      const phone = lead?.phone ?? null;
      check(`${source}: form`, phone === customer, phone === customer ? "name and phone are read" : `the phone was read as ${phone ?? "nothing"}`);
      if (lead === null || phone === null) continue;
      const now = clock.now();
      const plan = bridgeCalls.plan({ call_id: newId("call", now), received_at: now, asked_at: now, dna, line, tenant_id: project.tenant_id, project_id: project.id, lead: { id: newId("ent", now), name: lead.name ?? "", phone, message: lead.message, service: lead.service, place: lead.place } });
      const call = rehearse(plan, { suppressed, publicUrl, now });
      rings = call.rang;
      const refused = call.verdict !== null && call.verdict.answer !== "yes" ? call.verdict.detail : null;
      check(`${source}: rings`, call.rang === owner.phone, refused ?? call.rang ?? "nobody");
      check(`${source}: whisper`, call.heard !== "" && !/\{\w*\}/.test(call.heard), call.heard.slice(0, 200));
      check(`${source}: pressing 1 connects`, call.joined === customer && call.end === "connected", call.joined === null ? "nobody is connected" : `with the form's phone; the call ends as ${call.end ?? "unfinished"}`);
    }
  }
  return { passed: checks.every((one) => one.passed), rings, checks };
};
