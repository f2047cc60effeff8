import { z } from "zod";

/*
 * Google's own list of what each type must have (developers.google.com/search/docs/appearance/structured-data), looked at apart from
 * the code that builds it.
 */

const text = z.string().trim().min(1);
const reference = z.object({ "@id": text });
const area = z.looseObject({ "@type": z.enum(["Place", "City", "AdministrativeArea"]), name: text });
const areas = z.union([area, z.array(area)]);
const context = z.literal("https://schema.org");

const BUSINESS_TYPES = ["Plumber", "LegalService", "Locksmith", "Electrician", "RoofingContractor", "Dentist", "LocalBusiness", "ProfessionalService"] as const;
const hours = z.object({ "@type": z.literal("OpeningHoursSpecification"), dayOfWeek: z.enum(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]), opens: z.string().regex(/^\d\d:\d\d$/), closes: z.string().regex(/^\d\d:\d\d$/) });
export const businessSchema = z.looseObject({ "@context": context, "@type": z.enum(BUSINESS_TYPES), "@id": text, name: text, telephone: z.string().regex(/^\+\d{7,15}$/).optional(), url: z.url().optional(), email: z.email().optional(), areaServed: areas, openingHoursSpecification: z.array(hours).optional() });
const serviceSchema = z.looseObject({ "@context": context, "@type": z.literal("Service"), name: text, serviceType: text, provider: reference, areaServed: areas });
export const faqSchema = z.looseObject({ "@context": context, "@type": z.literal("FAQPage"), mainEntity: z.array(z.object({ "@type": z.literal("Question"), name: text, acceptedAnswer: z.object({ "@type": z.literal("Answer"), text }) })).min(1) });
const breadcrumbSchema = z.looseObject({ "@context": context, "@type": z.literal("BreadcrumbList"), itemListElement: z.array(z.object({ "@type": z.literal("ListItem"), position: z.number().int().min(1), name: text, item: text })).min(2) });

/** What a node of its type must look like; undefined: pages here have no such nodes. */
export const nodeSchemaOf = (node: Record<string, unknown>): z.ZodType | undefined => {
  const type = String(node["@type"]);
  if (type === "Service") return serviceSchema;
  if (type === "FAQPage") return faqSchema;
  if (type === "BreadcrumbList") return breadcrumbSchema;
  return BUSINESS_TYPES.some((known) => known === type) ? businessSchema : undefined;
};

/** What is wrong with a node of a page's JSON-LD, in words; null: nothing. */
export const wrongWithNode = (node: unknown): string | null => {
  const typed = z.looseObject({ "@type": z.string() }).safeParse(node).data;
  const schema = typed === undefined ? undefined : nodeSchemaOf(typed);
  if (schema === undefined) return `A node of the type ${JSON.stringify(typed?.["@type"])}, which pages here do not have.`;
  const { error } = schema.safeParse(node);
  return error === undefined ? null : `${typed?.["@type"] ?? ""}: ${error.issues.map(({ path, message }) => `${path.map(String).join(".")} ${message}`).join("; ")}`;
};
