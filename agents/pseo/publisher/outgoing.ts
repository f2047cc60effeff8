import type { PageLink } from "../../../core/memory/page-links.types.ts";
import { composePage, type ResolvedLink } from "../compose/compose-page.ts";
import { getContent } from "../page-content.ts";
import { conflict } from "../../../core/errors.ts";
import type { Page } from "../page.ts";
import { picturesFor } from "./pictures.ts";
import { type OutgoingPage, type Published, publishedSchema, type PublishTarget, type TargetName } from "./target.ts";
import type { PublishContext } from "./targets.ts";

/** Links to what has an address on the target; a link to what has none yet comes once it has. */
const resolveLinks = async ({ memory }: PublishContext, target: TargetName, links: readonly PageLink[]): Promise<ResolvedLink[]> => {
  const pages = new Map((await memory.keyed.withIds(links.map(({ to }) => to))).map((entity) => [entity.id, publishedSchema.safeParse(entity.metadata.published).data?.[target]]));
  return links.flatMap(({ to, anchor_text, kind }) => {
    const state = pages.get(to);
    return state?.placement === "live" && state.url !== null ? [{ href: state.url, anchor_text, kind }] : [];
  });
};

/** A page as it goes to a target: its text, with the links and pictures that are there. @throws AppError 409 for one that has no text */
export const outgoingPage = async (context: PublishContext, page: Page, target: PublishTarget, published: Published): Promise<OutgoingPage> => {
  const { memory, tools, project, dna } = context;
  const { content } = page.metadata;
  if (content === null) throw conflict("page_not_written", `The page ${page.id} has not been written.`);
  const links = await resolveLinks(context, target.name, await memory.pageLinks.from(project.id, page.id));
  const original = target.name === "hosted" ? (published.wordpress?.placement === "live" ? published.wordpress.url : null) : null;
  const composed = composePage({
    page: page.metadata,
    content: await getContent(tools.storage, page, content.version),
    links,
    media: await picturesFor(context, target, page),
    site: { business_name: dna.identity.business_name, origin: originOf(links), canonical: original },
  });
  return { ...composed, page_id: page.id };
};

/** Breadcrumbs need whole addresses; the pages above have them, on the same host as this one will. */
const originOf = (links: readonly ResolvedLink[]): string | null => {
  const up = links.find((link) => link.kind === "up");
  return up === undefined ? null : new URL(up.href).origin;
};
