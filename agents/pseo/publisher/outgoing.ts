import type { PageLink } from "../../../core/memory/page-links.types.ts";
import { composePage, type ResolvedLink } from "../compose/compose-page.ts";
import { getContent } from "../page-content.ts";
import { conflict } from "../../../core/errors.ts";
import type { Page } from "../page.ts";
import { picturesFor } from "./pictures.ts";
import { type OutgoingPage, type Published, publishedSchema, type PublishTarget, type TargetName } from "./target.ts";
import type { PublishContext } from "./targets.ts";
import { withTrackingNumber } from "./tracking-number.ts";

interface TargetLink extends ResolvedLink {
  /** Of the page that it leads to, as we name it. */
  path: unknown;
}

/** Links to what has an address on the target; a link to what has none yet comes once it has. */
export const resolveLinks = async ({ memory }: Pick<PublishContext, "memory">, target: TargetName, links: readonly PageLink[]): Promise<TargetLink[]> => {
  const pages = new Map((await memory.keyed.withIds(links.map(({ to }) => to))).map((entity) => [entity.id, entity.metadata]));
  return links.flatMap(({ to, anchor_text, kind }) => {
    const state = publishedSchema.safeParse(pages.get(to)?.published).data?.[target];
    return state?.placement === "live" && state.url !== null ? [{ href: state.url, anchor_text, kind, path: pages.get(to)?.path }] : [];
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
  const [own, number] = [dna.identity.contact?.phone, await memory.numbers.ofPage(project.id, page.id)];
  const shown = own === undefined || number === null ? composed : withTrackingNumber(composed, { own, number, country: dna.identity.country });
  return { ...shown, page_id: page.id, phone: number };
};

/** Breadcrumbs need whole addresses. Null where the pages above do not stand at their paths (posts with dates, a site in a folder): then neither will this one. */
const originOf = (links: readonly TargetLink[]): string | null => {
  const up = links.find((link) => link.kind === "up");
  if (up === undefined) return null;
  const { origin, pathname } = new URL(up.href);
  return pathname.replace(/\/$/, "") === up.path ? origin : null;
};
