import type { Dna } from "../../../core/dna/schema.ts";
import type { Project } from "../../../core/memory/projects.store.ts";
import { shownPhone } from "../../../core/phone.ts";
import type { SiteFrame } from "./document.ts";

/** What the DNA says that customers may be told, for the frame of each page. The number is the business's own, as everywhere else that names it. */
export const siteFrameOf = (project: Project, dna: Dna): SiteFrame => {
  const { contact, business_name, language } = dna.identity;
  const phone = contact?.phone;
  return {
    business_name,
    phone: phone === undefined ? null : { e164: phone, shown: shownPhone(phone, project.country) },
    address: contact?.address ?? null,
    language: language ?? "en",
    accepts_leads: dna.modules.lead_gen.enabled,
  };
};
