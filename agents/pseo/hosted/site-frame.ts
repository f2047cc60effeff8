import type { Dna } from "../../../core/dna/schema.ts";
import type { Project } from "../../../core/memory/projects.store.ts";
import { shownPhone } from "../../../core/phone.ts";
import type { SiteFrame } from "./document.ts";

/**
 * What the DNA says that customers may be told, for the frame of each page.
 * @param number the page's own, E.164, in place of the business's
 */
export const siteFrameOf = (project: Project, dna: Dna, number: string | null = null): SiteFrame => {
  const { contact, business_name, language } = dna.identity;
  const phone = number ?? contact?.phone;
  return {
    business_name,
    phone: phone === undefined ? null : { e164: phone, shown: shownPhone(phone, project.country) },
    address: contact?.address ?? null,
    language: language ?? "en",
    accepts_leads: dna.modules.lead_gen.enabled,
  };
};
