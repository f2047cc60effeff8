import { z } from "zod";
import { e164 } from "./phone.schema.ts";

/** How fast the business wants to be, in seconds from the form; shown beside what it is. */
export const targetsSchema = z.looseObject({
  form_to_dial_s: z.number().int().min(1).max(3600).describe("Seconds from the form to the first ring"),
  form_to_connected_s: z.number().int().min(1).max(3600).describe("Seconds from the form to the conversation"),
});

/** The daily proof that the path still works, by two numbers that the owner keeps for it; for `connected`, its own should press 1. */
export const canarySchema = z
  .looseObject({
    enabled: z.boolean(),
    at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as 07:30").describe("On the wall clock of the business's time zone"),
    owner_phone: e164.optional().describe("Stands in for the owner, and should answer; never a phone that leads ring"),
    customer_phone: e164.optional().describe("Stands in for the customer; left out: owner_phone, enough as long as nobody presses 1"),
    expect: z.enum(["owner_answered", "connected"]).describe("How far it has to come"),
    within_s: z.number().int().min(30).max(1800).describe("… within so many seconds"),
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
