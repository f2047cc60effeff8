import type { CrawlProblem } from "../../core/web/crawl.ts";
import type { Facts } from "./facts.ts";
import type { Business } from "./onboarding.schemas.ts";

const PROBLEMS: Record<CrawlProblem, string> = {
  refused: "is not an address that we may open",
  unreachable: "did not answer",
  robots: "asks robots to stay away",
  not_found: "is not there",
  not_html: "is not a web page (a PDF, perhaps)",
  too_large: "is too large to read",
  empty: "has no text",
  no_browser: "is made by scripts, and could not be opened in a browser",
};

export interface Reading {
  business: Business;
  facts: Facts;
  problems: readonly { url: string; problem: CrawlProblem }[];
  /** Lines that spoke to machines. */
  suspicious: number;
  /** Values of the model's that no page said. */
  dropped: number;
  modelAnswered: boolean;
  vertical: string | null;
}

const sameName = (a: string, b: string): boolean => {
  const words = (text: string): string[] => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
  return words(a).some((word) => words(b).includes(word));
};

/** What only the owner can answer, most important first. */
export const questionsOf = ({ business, facts, problems, suspicious, dropped, modelAnswered, vertical }: Reading): string[] => {
  const { phone } = business;
  const seen = problems.slice(0, 5).map(({ url, problem }) => `${url} ${PROBLEMS[problem]}. Is there a better address?`);
  const others = facts.other_phones.slice(0, 3).map((found) => found.text).join(", ");
  return [
    ...(business.website === undefined ? ["You gave no website: what are your services, prices and areas?"] : []),
    ...seen,
    ...(modelAnswered ? [] : ["The text of your pages could not be read by the model just now. Run a re-scan later."]),
    ...(suspicious > 0 ? [`Your pages hold ${suspicious} lines that give orders to machines. Did you put them there? Nothing was done that they say.`] : []),
    ...(vertical === null ? [`“${business.niche}” is not a trade that we know yet. Which services shall leads be sorted by?`] : []),
    ...(facts.name !== null && !sameName(facts.name.text, business.business_name) ? [`The website calls itself “${facts.name.text.slice(0, 80)}”. Is it yours?`] : []),
    ...(facts.phone !== null && facts.phone.text !== phone ? [`Customers are told ${facts.phone.text}, and leads ring ${phone}. Is that right?`] : []),
    ...(others === "" ? [] : [`Your pages show other numbers too: ${others}. Are they still yours?`]),
    ...(facts.phone === null ? ["Which number may customers be told?"] : []),
    ...(facts.hours === null ? ["When are you open, and shall leads that come outside of these hours wait?"] : ["Your opening hours are known. Shall leads that come outside of them wait? Now they ring at any hour."]),
    ...(facts.services.length === 0 ? ["Which of the trade's usual services do you offer? All of them are listed now."] : []),
    ...(facts.services.every((service) => service.price_from === null) ? ["Which prices may be named (a call-out, a usual job)?"] : []),
    ...(facts.places.length === 0 ? ["Which towns and suburbs do you serve?"] : []),
    ...(facts.differentiators.length === 0 ? ["What do you have that others have not: licences, guarantees, years?"] : []),
    ...(dropped > 0 ? [`${dropped} things that the model read could not be found on your pages, and were left out.`] : []),
  ];
};
