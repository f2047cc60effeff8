/** Programs that say so, and libraries that say what they are. Who hides it is counted. */
const PROGRAM = /bot\b|bot\/|crawl|spider|slurp|archiver|preview|monitor|uptime|pingdom|lighthouse|headless|phantom|puppeteer|playwright|selenium|scrap|fetch|curl|wget|python|java\/|okhttp|go-http|libwww|httpclient|node|axios|perl|ruby|php|facebookexternalhit|whatsapp|telegram|embedly|validator|feed/i;

/** Whether a person seems to look: a GET by a browser that shows a page now, not one that fetches it in advance. */
export const isView = (request: Request): boolean => {
  const agent = request.headers.get("User-Agent") ?? "";
  const ahead = /prefetch|prerender/i.test(`${request.headers.get("Sec-Purpose") ?? ""} ${request.headers.get("Purpose") ?? ""} ${request.headers.get("X-Moz") ?? ""}`);
  return request.method === "GET" && agent.startsWith("Mozilla/") && !PROGRAM.test(agent) && !ahead;
};
