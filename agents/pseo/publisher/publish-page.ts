import { AppError } from "../../../core/errors.ts";
import type { Page } from "../page.ts";
import { withLease } from "./leases.ts";
import { outgoingPage } from "./outgoing.ts";
import { demandTargets, openTarget, type PublishContext } from "./targets.ts";
import { isOut, type OutgoingPage, type Published, type PublishTarget, type StateOf, type TargetName } from "./target.ts";

/** What is wrong on one target, for whoever looks at the page. */
export interface PublishProblem {
  target: TargetName;
  code: string;
  message: string;
  at: number;
}

export interface PageOutcome {
  page_id: string;
  outcome: "published" | "held" | "unchanged";
  targets: Partial<Record<TargetName, { placement: string; url: string | null; notes: string[] }>>;
}

/** Writes how a page stands. Its status only where it is still the page that went out: a text that was written meanwhile goes its own way. */
const save = async ({ memory, tools }: PublishContext, page: Page, published: Published, problem: PublishProblem | null): Promise<void> => {
  const set = { published, publish_problem: problem };
  const out = isOut(published) ? { status: "published", publish_on: null } : {};
  const expect = { status: ["passed", "published"], "content.version": page.metadata.content?.version ?? null };
  if ((await memory.keyed.change(page.id, { set: { ...set, ...out, published_at: tools.clock.now() }, expect })) === null) await memory.keyed.change(page.id, { set });
};

/** A page that is held was not written: what is there is what was. */
const publishTo = async <Name extends TargetName>(target: PublishTarget<Name>, page: OutgoingPage, known: StateOf<Name> | undefined, { overwrite, version }: { overwrite: boolean; version: string | undefined }): Promise<StateOf<Name>> => {
  const state = await target.publish(page, known ?? null, { overwrite });
  const there = state.placement === "held" ? known?.version : version;
  return state.version === there || there === undefined ? state : { ...state, version: there };
};

/**
 * Brings one page to each of its targets, and writes down how it stands after each: a crash in between does the rest. One target's
 * failure does not keep the page from the other.
 * @throws AppError the first target's failure, when all have had their turn
 */
export const publishPage = async (context: PublishContext, page: Page, { overwrite }: { overwrite: boolean }): Promise<PageOutcome> => {
  const { memory, tools, project, dna, runId } = context;
  const targets = demandTargets(dna);
  return withLease({ memory, project_id: project.id, holder: runId }, `page:${page.id}`, async () => {
    const before = page.metadata.published ?? {};
    let published: Published = before;
    let failure: Error | undefined;
    let problem: PublishProblem | null = null;
    for (const name of targets) {
      try {
        const target = await openTarget(name, context);
        const outgoing = await outgoingPage(context, page, target, published);
        const state = await publishTo(target, outgoing, published[name], { overwrite, version: page.metadata.content?.version });
        published = { ...published, [name]: state };
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error(String(error));
        if (error instanceof AppError) problem ??= { target: name, code: error.code, message: error.message.slice(0, 300), at: tools.clock.now() };
      }
      await save(context, page, published, problem);
    }
    if (failure !== undefined) throw failure;
    const states = targets.flatMap((name) => (published[name] === undefined ? [] : [[name, published[name]] as const]));
    return {
      page_id: page.id,
      outcome: states.some(([, { placement }]) => placement === "held") ? "held" : states.every(([name, state]) => state === before[name]) ? "unchanged" : "published",
      targets: Object.fromEntries(states.map(([name, { placement, url, notes }]) => [name, { placement, url, notes }])),
    };
  });
};
