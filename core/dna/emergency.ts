import type { Dna } from "./schema.ts";

/** Letters and digits alone, so that "Burst-pipe" and "burst pipe" are the same. */
const plain = (text: string): string => ` ${text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim()} `;

/**
 * Whether what somebody asks for is a service that the DNA calls an emergency: the service that they chose, or one of its
 * primary keywords in what they wrote. Such a call rings at any hour.
 */
export const isEmergency = (dna: Pick<Dna, "services">, lead: { service: string | null; message: string | null }): boolean => {
  const chosen = plain(lead.service ?? "");
  const said = plain(`${lead.service ?? ""} ${lead.message ?? ""}`);
  return dna.services.some((service) => {
    if (service.emergency !== true) return false;
    const names = [service.name, ...(service.slug === undefined ? [] : [service.slug])].map(plain);
    if (names.includes(chosen)) return true;
    return [service.name, ...(service.primary_keywords ?? [])].some((keyword) => plain(keyword).trim() !== "" && said.includes(plain(keyword)));
  });
};

