import { businessTypeOf } from "../../writer/json-ld.ts";
import type { PageContent } from "../../page.schemas.ts";
import { finder, type Reviewed, type Rule } from "../reviewed.ts";
import { businessSchema, faqSchema, nodeSchemaOf, wrongWithNode } from "./json-ld.shape.ts";

const { error } = finder("json_ld");

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
    const business = nodes.filter((node) => nodeSchemaOf(node) === businessSchema);
    return [
      ...nodes.flatMap((node) => {
        const wrong = wrongWithNode(node);
        return wrong === null ? [] : [error(wrong)];
      }),
      ...(business.length === 1 ? ofDna(business[0] ?? {}, page).map((message) => error(message)) : [error(`It describes ${business.length} businesses; there must be one.`)]),
      ...(faq.length > 0 !== nodes.some((node) => node["@type"] === "FAQPage") || nodes.some((node) => node["@type"] === "FAQPage" && !saysTheSame(node, faq)) ? [error("Its FAQPage does not say what the page's questions say.")] : []),
    ];
  },
};
