import { z } from "zod";
import { phoneFieldToE164 } from "../../core/phone.ts";

const businessShape = z.strictObject({
  business_name: z.string().trim().min(1).max(120),
  niche: z.string().trim().toLowerCase().min(1).max(60),
  country: z.string().regex(/^[A-Z]{2}$/, "must be an ISO 3166-1 alpha-2 code, e.g. NZ"),
  /** Whom leads ring. Nothing else ever decides that. */
  phone: z.string().trim().min(4).max(40),
  email: z.email("must be an e-mail address").max(254).optional(),
  website: z.url({ protocol: /^https?$/ }).max(2048).optional(),
  map_listing_url: z.url({ protocol: /^https?$/ }).max(2048).optional(),
});

/** What onboarding is told of a business. `phone` comes out in E.164, read as people of that country write it. */
export const onboardParams = businessShape.transform((params, context) => {
  const phone = phoneFieldToE164(params.phone, params.country);
  if (phone === null) {
    context.addIssue({ code: "custom", path: ["phone"], message: "must be a telephone number, with its country's code or as it is dialled in `country`" });
    return z.NEVER;
  }
  return { ...params, phone };
});
/** `phone` in E.164. */
export type Business = z.infer<typeof onboardParams>;

/** The address may have changed since. */
export const rescanParams = z.strictObject({ website: businessShape.shape.website, map_listing_url: businessShape.shape.map_listing_url });
/** The run that proposed. */
export const acceptParams = z.strictObject({ proposal: z.string().min(1).max(80) });
export const simulateParams = z.strictObject({});
