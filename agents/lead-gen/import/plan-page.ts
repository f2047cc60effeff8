import type { Addition, KnownLead, LeadImportsStore, LeadToImport } from "../../../core/memory/lead-imports.store.ts";
import type { ImportedLead } from "./import.schemas.ts";
import { createPeople } from "./same-person.ts";

export interface PagePlan {
  created: ImportedLead[];
  joined: { lead: ImportedLead; known: KnownLead }[];
  /** Leads that are there and to which the file adds nothing. */
  unchanged: number;
}

const addsTo = (lead: ImportedLead, known: KnownLead): boolean =>
  (known.name === "" && lead.name !== "") ||
  (lead.message !== null && !(known.message ?? "").includes(lead.message)) ||
  (lead.last_contacted_at !== null && lead.last_contacted_at > (known.last_contacted_at ?? "")) ||
  (["phone", "email", "service", "place"] as const).some((field) => known[field] === null && lead[field] !== null);

/** What is to be done about some leads of a file: who is new, and to whom something is added. */
export const planPage = async (store: Pick<LeadImportsStore, "known">, projectId: string, leads: readonly ImportedLead[]): Promise<PagePlan> => {
  const keysOf = (key: "phone" | "email"): string[] => leads.flatMap((lead) => lead[key] ?? []);
  const people = createPeople<KnownLead>();
  for (const lead of await store.known(projectId, { phones: keysOf("phone"), emails: keysOf("email") })) people.add(lead);
  const plan: PagePlan = { created: [], joined: [], unchanged: 0 };
  for (const lead of leads) {
    const known = people.find(lead);
    if (known === undefined) plan.created.push(lead);
    else if (addsTo(lead, known)) plan.joined.push({ lead, known });
    else plan.unchanged += 1;
  }
  return plan;
};

/** @param runId the import's; with the row it names the lead, whichever attempt stores it */
export const toImport = ({ row, name, phone, email, status, source, message, service, place, amount, last_contacted_at, fields }: ImportedLead, runId: string): LeadToImport => ({
  delivery_key: deliveryKeyOf(runId, row), name, phone, email,
  metadata: { status, source, imported_by: runId, message, service, place, ...(amount === null ? {} : { amount }), ...(last_contacted_at === null ? {} : { last_contacted_at }), ...(Object.keys(fields).length === 0 ? {} : { fields }) },
});

export const deliveryKeyOf = (runId: string, row: number): string => `import:${runId}:${row}`;

export const toAdd = ({ name, phone, email, message, service, place, amount, last_contacted_at }: ImportedLead, { id }: KnownLead): Addition => ({ id, name, phone, email, message, service, place, amount, last_contacted_at });
