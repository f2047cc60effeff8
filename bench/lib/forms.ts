import { arrive, type Arrival, type Target } from "./arrivals.ts";
import { contactForm } from "./people.ts";
import type { Business } from "./tenants.ts";

/** A form of a business's website, as `submit` and `arrive` send it. @param lead number of its visitor */
export const formTo = (url: string, { projectId, wordpressKey }: Business, lead: number): Target => ({
  url: `${url}/api/webhooks/wordpress?project_id=${projectId}`,
  body: contactForm(lead),
  headers: { "X-Apex-Key": wordpressKey },
});

/** The business whose turn it is. @throws Error when there is none at all */
export const inTurn = (businesses: readonly Business[], index: number): Business => {
  const business = businesses[index % businesses.length];
  if (business === undefined) throw new Error("There is no business to send forms to.");
  return business;
};

/** Forms at a rate, one to each business. @param firstLead number of the first visitor */
export const formsArrive = async (url: string, businesses: readonly Business[], { rate, firstLead }: { rate: number; firstLead: number }): Promise<Arrival[]> =>
  arrive({ rate, count: businesses.length, target: (index) => formTo(url, inTurn(businesses, index), firstLead + index) });
