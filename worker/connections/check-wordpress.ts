import { type OpenTools, openWordpress } from "../../agents/pseo/publisher/wordpress/open.ts";
import { findingsOf } from "../../agents/pseo/publisher/wordpress/profile.ts";
import type { Dna } from "../../core/dna/schema.ts";
import { AppError } from "../../core/errors.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { WordpressError } from "../../core/providers/wordpress/wordpress.errors.ts";
import { failed, type Finding, passed } from "./check.types.ts";

const LOGIN = "The user name and password";
const ACCOUNT = "The account";

/**
 * Signs in to a project's WordPress and looks at what its account may do. Changes nothing there.
 * @throws AppError 409 `wordpress_not_connected`; 502 when the site does not answer
 */
export const checkWordpress = async (tools: OpenTools, memory: TenantMemory, { project_id, dna }: { project_id: string; dna: Dna }): Promise<Finding[]> => {
  const { post_type, status } = dna.modules.local_seo.publishing;
  try {
    const { profile } = await openWordpress({ memory, tools, project_id }, post_type, { fresh: true });
    const { problems, hints } = findingsOf(profile, status);
    return [
      passed(LOGIN, `are ${profile.account.name}'s, on ${new URL(profile.root).host}`),
      ...(problems.length === 0 ? [passed(ACCOUNT, `may write ${post_type}s`)] : problems.map((problem) => failed(ACCOUNT, problem))),
      ...hints.map((hint) => passed("Good to know", hint)),
    ];
  } catch (error) {
    // What a person must mend is an answer; what only time mends is none.
    if (!(error instanceof AppError) || error.status >= 500 || error.status === 409) throw error;
    return [failed(error instanceof WordpressError && error.failure === "forbidden" ? ACCOUNT : LOGIN, error.message)];
  }
};
