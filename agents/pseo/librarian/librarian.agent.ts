import { z } from "zod";
import { type Agent, action, type AgentContext, later } from "../../../core/kernel/agent.ts";
import type { PageLink } from "../../../core/memory/page-links.types.ts";
import type { AgentTools } from "../../tools.ts";
import { linkPages } from "./link-pages.ts";

/** Links changed in one attempt: what is more goes on in the next, since a Worker may ask the database only so often. */
const CHANGES_AN_ATTEMPT = 20_000;

/** Links are of all pages together: `ids` and `limit` are taken as every stage takes them, and change nothing. */
const params = z.object({ ids: z.array(z.string().max(80)).max(5000).optional(), limit: z.number().int().min(1).max(5000).optional() });

const textOf = ({ from, to, anchor_text, relevance, kind, position }: PageLink): string => JSON.stringify([from, to, anchor_text, relevance, kind, position]);

/**
 * What there is against what there should be. A link that says something else now is another link; the two stand at the same place of
 * their lists, so that they change in one transaction.
 * @returns ids of the links to remove, and the links to write
 */
export const differenceOf = (known: readonly (PageLink & { id: string })[], wanted: readonly PageLink[]): { gone: string[]; fresh: PageLink[] } => {
  const missing = new Map(wanted.map((link) => [textOf(link), link]));
  // One that is there twice is removed once.
  const gone = known.filter((link) => !missing.delete(textOf(link)));
  const pair = ({ from, to }: PageLink): string => `${from}>${to}`;
  const successors = new Map([...missing.values()].map((link) => [pair(link), link]));
  const changed = gone.flatMap((old) => {
    const successor = successors.get(pair(old));
    return successor !== undefined && successors.delete(pair(old)) ? [{ old, successor }] : [];
  });
  const replaced = new Set(changed.map(({ old }) => old.id));
  return {
    gone: [...changed.map(({ old }) => old.id), ...gone.flatMap(({ id }) => (replaced.has(id) ? [] : [id]))],
    fresh: [...changed.map(({ successor }) => successor), ...successors.values()],
  };
};

/**
 * Draws the links between all pages that are out or may go out, anew from what the pages are, and writes the difference only: a second
 * run writes nothing, and what a removed page left behind is mended. Cut short anywhere, the next attempt finds what is left.
 */
const link = async ({ memory, project, report }: AgentContext<AgentTools>) => {
  const pages = await memory.pageLinks.nodes(project.id);
  const links = linkPages(pages);
  const { gone, fresh } = differenceOf(await memory.pageLinks.all(project.id), links);
  const todo = Math.max(gone.length, fresh.length);
  await memory.pageLinks.replace(project.id, gone.slice(0, CHANGES_AN_ATTEMPT), fresh.slice(0, CHANGES_AN_ATTEMPT));
  await report({ done: links.length - Math.max(0, fresh.length - CHANGES_AN_ATTEMPT), total: links.length, label: "links" });
  if (todo > CHANGES_AN_ATTEMPT) return later(0);
  return { pages: pages.length, links: links.length, added: fresh.length, removed: gone.length };
};

/** The LibrarianAgent. */
export const librarianAgent: Agent<AgentTools> = { task: "librarian_link", defaultAction: "link", actions: { link: action(params, link) } };
