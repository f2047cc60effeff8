import { labelMeaning, labelWords } from "../../../core/intake/field-labels.ts";

const columnRoles = ["name", "first_name", "last_name", "phone", "email", "message", "service", "place", "status", "source", "amount", "last_contacted_at"] as const;
export type ColumnRole = (typeof columnRoles)[number];

/** What only lists of customers have, besides what forms ask for; as `labelWords` leaves headings. */
const OWN: Readonly<Record<string, ColumnRole>> = {
  status: "status", stage: "status", "lead status": "status",
  source: "source", "lead source": "source",
  amount: "amount", value: "amount", total: "amount", price: "amount", revenue: "amount", "job value": "amount",
  "last contacted at": "last_contacted_at", "last contacted": "last_contacted_at", "last contact": "last_contacted_at", "last visit": "last_contacted_at", "last job": "last_contacted_at", "last service": "last_contacted_at", "completed at": "last_contacted_at", "last seen": "last_contacted_at",
};
/** Of the export: what the house says of a lead itself, and what belongs to its calls. */
const OURS = new Set(["id", "project id", "entity type", "primary contact", "score", "call duration", "call sid", "recording url", "created at", "updated at"]);

export type Column = { heading: string; role: ColumnRole | "other" | "ours" };

/** What each column holds, by its heading; of two that say the same the first is believed. */
export const columnsOf = (headings: readonly string[]): Column[] => {
  const taken = new Set<string>();
  return headings.map((heading) => {
    const words = labelWords(heading);
    if (OURS.has(words)) return { heading, role: "ours" };
    const meant = OWN[words] ?? labelMeaning(heading)?.role ?? "other";
    const role = columnRoles.find((one) => one === meant && !taken.has(one)) ?? "other";
    taken.add(role);
    return { heading, role };
  });
};
