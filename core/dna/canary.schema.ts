import { z } from "zod";
import { e164 } from "./phone.schema.ts";

/** How fast the business wants to be, in seconds from the form; shown beside what it is. */
export const targetsSchema = z.looseObject({
  form_to_dial_s: z.number().int().min(1).max(3600),
  form_to_connected_s: z.number().int().min(1).max(3600),
});

/**
 * The daily proof that the path still works. `owner_phone` stands in for the owner and should answer (and, for `connected`,
 * press 1); `customer_phone` stands in for the customer and should answer. Both are numbers that the owner keeps for this.
 */
export const canarySchema = z
  .looseObject({
    enabled: z.boolean(),
    /** Wall clock of the business's time zone. */
    at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as 07:30"),
    owner_phone: e164.optional(),
    /** The owner's stand-in where absent: enough as long as nobody presses 1. */
    customer_phone: e164.optional(),
    expect: z.enum(["owner_answered", "connected"]),
    within_s: z.number().int().min(30).max(1800),
  })
  .superRefine(({ enabled, expect, owner_phone, customer_phone }, context) => {
    if (!enabled) return;
    const missing = (path: string, when: string): void => context.addIssue({ code: "custom", path: [path], message: `is needed when ${when}` });
    if (owner_phone === undefined) missing("owner_phone", "the canary is enabled");
    if (expect !== "connected") return;
    if (customer_phone === undefined) missing("customer_phone", "the canary expects a connection");
    else if (customer_phone === owner_phone) context.addIssue({ code: "custom", path: ["customer_phone"], message: "must be another phone than owner_phone, which is busy by then" });
  });

interface WithCanary {
  sales_bridge: { destination_phone?: string | undefined; destinations?: { phone: string }[] | undefined };
  canary: z.infer<typeof canarySchema>;
}

/** A canary never rings the real people: a phone that leads ring cannot be its stand-in. */
export const canaryRingsNobody = ({ sales_bridge, canary }: WithCanary, context: z.RefinementCtx): void => {
  if (!canary.enabled) return;
  const people = new Set([sales_bridge.destination_phone, ...(sales_bridge.destinations ?? []).map((person) => person.phone)]);
  for (const name of ["owner_phone", "customer_phone"] as const) {
    if (canary[name] !== undefined && people.has(canary[name])) context.addIssue({ code: "custom", path: ["canary", name], message: "must not be a phone that leads ring: the canary disturbs nobody" });
  }
};
