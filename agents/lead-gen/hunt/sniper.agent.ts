import { z } from "zod";
import { type Agent, action } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { estimateHunt } from "./estimate.ts";
import { hunt } from "./hunt.ts";
import { readGiven } from "./read-given.ts";

/** A mail's or a page's worth. */
export const MOST_TEXT = 100_000;
export const MOST_HTML = 200_000;

const name = z.string().trim().min(1).max(60);

const ofAHunt = {
  platforms: z.array(name).min(1).max(20).optional(),
  keywords: z.array(z.string().trim().min(1).max(120)).max(100).optional(),
  max_pages: z.number().int().min(1).max(50).optional(),
};
const estimateParams = z.strictObject(ofAHunt);

const sniperParams = z
  .strictObject({
    ...ofAHunt,
    text: z.string().trim().min(1).max(MOST_TEXT).optional().describe("What was read elsewhere: a post, or many"),
    html: z.string().min(1).max(MOST_HTML).optional().describe("The same with its markup; `text` is then what is read where there is none"),
    url: z.url({ protocol: /^https?$/ }).max(2048).optional().describe("Where the text is from"),
    platform: name.optional().describe("What the text's platform is called on its leads"),
    subject: z.string().max(200).optional().describe("Of the mail that brought it; shown in the run's result"),
  })
  .refine(({ text, html, url, platform }) => text !== undefined || html !== undefined || (url === undefined && platform === undefined), { message: "url and platform are of a text: text or html is needed", path: ["text"] })
  .refine(({ text, html, platforms, max_pages }) => (text === undefined && html === undefined) || (platforms === undefined && max_pages === undefined), { message: "a text is read by itself: platforms and max_pages are of a hunt", path: ["platforms"] });

/** Looks for people who say in public that they need the trade; or reads such posts out of a text that somebody gives it. */
export const sniperAgent: Agent<AgentTools> = {
  task: "sniper_agent",
  defaultAction: "hunt",
  actions: {
    /** What `hunt` with the same words would come to. */
    estimate: action<AgentTools, typeof estimateParams>(estimateParams, async (context, params) => Promise.resolve(estimateHunt(context, params))),
    hunt: action<AgentTools, typeof sniperParams>(sniperParams, async (context, { text, html, url, platform, subject, ...params }) =>
      text === undefined && html === undefined ? hunt(context, params) : readGiven(context, { text: text ?? "", html, url, platform: platform ?? "pasted", keywords: params.keywords, subject }),
    ),
  },
};
