import { z } from "zod";
import { businessTypeOf } from "../../writer/json-ld.ts";
import type { PageContent } from "../../page.schemas.ts";
import { finder, type Reviewed, type Rule } from "../reviewed.ts";

const { error } = finder("json_ld");

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
const businessSchema = z.looseObject({ "@context": context, "@type": z.enum(BUSINESS_TYPES), "@id": text, name: text, telephone: z.string().regex(/^\+\d{7,15}$/).optional(), url: z.url().optional(), email: z.email().optional(), areaServed: areas, openingHoursSpecification: z.array(hours).optional() });
const serviceSchema = z.looseObject({ "@context": context, "@type": z.literal("Service"), name: text, serviceType: text, provider: reference, areaServed: areas });
const faqSchema = z.looseObject({ "@context": context, "@type": z.literal("FAQPage"), mainEntity: z.array(z.object({ "@type": z.literal("Question"), name: text, acceptedAnswer: z.object({ "@type": z.literal("Answer"), text }) })).min(1) });
const breadcrumbSchema = z.looseObject({ "@context": context, "@type": z.literal("BreadcrumbList"), itemListElement: z.array(z.object({ "@type": z.literal("ListItem"), position: z.number().int().min(1), name: text, item: text })).min(2) });
export const jsonLdNodeSchema = z.union([businessSchema, serviceSchema, faqSchema, breadcrumbSchema]);

const schemaOf = (node: Record<string, unknown>): z.ZodType | undefined => {
  const type = String(node["@type"]);
  if (type === "Service") return serviceSchema;
  if (type === "FAQPage") return faqSchema;
  if (type === "BreadcrumbList") return breadcrumbSchema;
  return BUSINESS_TYPES.some((known) => known === type) ? businessSchema : undefined;
};

/** Whether the machine-readable questions are those that readers see. */
const saysTheSame = (node: Record<string, unknown>, faq: PageContent["faq"]): boolean => {
  const parsed = faqSchema.safeParse(node).data;
  return parsed !== undefined && JSON.stringify(parsed.mainEntity.map(({ name, acceptedAnswer }) => [name, acceptedAnswer.text])) === JSON.stringify(faq.map(({ question, answer }) => [question, answer]));
};

const ofDna = (node: Record<string, unknown>, { dna: { identity } }: Reviewed): string[] => [
  ...(node["@type"] === businessTypeOf(identity.niche) ? [] : [`The business is marked up as ${String(node["@type"])}.`]),
  ...(node.name === identity.business_name ? [] : ["It gives the business another name than the DNA."]),
  ...(node.telephone === undefined || node.telephone === identity.contact?.phone ? [] : ["It gives another phone than the DNA."]),
  ...(node.url === undefined || node.url === identity.website ? [] : ["It gives another website than the DNA."]),
];

/** Of the shape that search engines read, and saying what the page and the DNA say. */
export const jsonLd: Rule = {
  name: "json_ld",
  check(page) {
    const { json_ld: nodes, faq } = page.content;
    const business = nodes.filter((node) => schemaOf(node) === businessSchema);
    return [
      ...nodes.flatMap((node) => {
        const schema = schemaOf(node);
        if (schema === undefined) return [error(`A node of the type ${JSON.stringify(node["@type"])}, which pages here do not have.`)];
        const { error: wrong } = schema.safeParse(node);
        return wrong === undefined ? [] : [error(`${String(node["@type"])}: ${wrong.issues.map(({ path, message }) => `${path.map(String).join(".")} ${message}`).join("; ")}`)];
      }),
      ...(business.length === 1 ? ofDna(business[0] ?? {}, page).map((message) => error(message)) : [error(`It describes ${business.length} businesses; there must be one.`)]),
      ...(faq.length > 0 !== nodes.some((node) => node["@type"] === "FAQPage") || nodes.some((node) => node["@type"] === "FAQPage" && !saysTheSame(node, faq)) ? [error("Its FAQPage does not say what the page's questions say.")] : []),
    ];
  },
};
