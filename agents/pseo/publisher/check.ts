import { AppError } from "../../../core/errors.ts";
import { hostFor } from "../hosted/hosting.ts";
import { demandTargets, type PublishContext } from "./targets.ts";
import { openWordpress } from "./wordpress/open.ts";
import { findingsOf } from "./wordpress/profile.ts";

/** What a person must mend, as an answer: asking is no failure. What only time mends is one. */
const told = async (look: () => Promise<Record<string, unknown>>): Promise<Record<string, unknown>> => {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    return { ready: false, problems: [{ code: error.code, message: error.message }], hints: [] };
  }
};

const wordpress = async ({ memory, tools, project, dna }: PublishContext): Promise<Record<string, unknown>> => {
  const { post_type, status } = dna.modules.local_seo.publishing;
  const { profile } = await openWordpress({ memory, tools, project_id: project.id }, post_type, { fresh: true });
  const { problems, hints } = findingsOf(profile, status);
  const { root, account, may, json_ld } = profile;
  return { ready: problems.length === 0, problems: problems.map((message) => ({ code: "wordpress_forbidden", message })), hints, site: root, account, may, json_ld };
};

/**
 * Whether pages could be published now: is the password right, what may its account do, which way does JSON-LD take. Changes nothing.
 * @throws AppError 409 `publishing_off`; WordpressError `unavailable`, retryable
 */
export const checkTargets = async (context: PublishContext): Promise<unknown> => {
  const { memory, tools, project, dna } = context;
  const answers: Record<string, unknown> = {};
  for (const name of demandTargets(dna)) {
    answers[name] = await told(async () => {
      if (name === "wordpress") return wordpress(context);
      const host = await hostFor(memory, project.id, dna.modules.local_seo.publishing.host, tools.hosting);
      return { ready: true, problems: [], hints: [], host, origin: tools.hosting.originOf(host) };
    });
  }
  return { status: dna.modules.local_seo.publishing.status, per_day: dna.modules.local_seo.publishing.per_day, targets: answers };
};
