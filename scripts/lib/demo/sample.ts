import { BUSINESSES } from "../../../sandbox/websites/businesses.data.ts";

const SITE = "tidy";
/** A person who answers and presses nothing (sandbox/README.md, "Numbers"). */
const CUSTOMER = "021 446 0123";

/**
 * Where somebody who has never seen Apex begins: an account of their own, and the form for a business filled in with one of the
 * sandbox's websites. The dashboard itself knows nothing of a sandbox; all of it is in the address.
 */
export const sampleLink = ({ dashboardUrl, sandboxUrl }: { dashboardUrl: string; sandboxUrl: string }): string => {
  const { business_name: name, niche, country, phone } = BUSINESSES[SITE] ?? { business_name: "", niche: "", country: "", phone: "" };
  const filledIn = new URLSearchParams({ name, niche, country, phone, website: `${sandboxUrl}/sites/${SITE}/`, customer: CUSTOMER });
  return `${dashboardUrl}/sign-in?${new URLSearchParams({ new: "true", to: `/new?${filledIn.toString()}` }).toString()}`;
};
