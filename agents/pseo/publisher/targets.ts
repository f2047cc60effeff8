import type { AgentContext } from "../../../core/kernel/agent.ts";
import { conflict } from "../../../core/errors.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import type { AgentTools } from "../../tools.ts";
import { createHostedTarget } from "../hosted/hosted.target.ts";
import { withLease } from "./leases.ts";
import type { PublishTarget, TargetName } from "./target.ts";
import { mediaMemoryOf } from "./wordpress/media-memory.ts";
import { openWordpress } from "./wordpress/open.ts";
import { demandRights } from "./wordpress/profile.ts";
import { createWordpressTarget } from "./wordpress/wordpress.target.ts";

export type PublishContext = Pick<AgentContext<AgentTools>, "memory" | "tools" | "project" | "dna" | "runId">;

const TARGETS: Record<Dna["modules"]["local_seo"]["publishing"]["target"], readonly TargetName[]> = {
  none: [],
  wordpress: ["wordpress"],
  hosted: ["hosted"],
  // The business's own site first: what is hosted names it as the original.
  both: ["wordpress", "hosted"],
};

/** Where the project's pages go, in this order. */
export const targetsOf = ({ modules }: Dna): readonly TargetName[] => TARGETS[modules.local_seo.publishing.target];

/** @throws AppError 409 `publishing_off` */
export const demandTargets = (dna: Dna): readonly TargetName[] => {
  const targets = targetsOf(dna);
  if (targets.length === 0) throw conflict("publishing_off", "Nothing is published until modules.local_seo.publishing.target says where: wordpress, hosted or both.");
  return targets;
};

const wordpressTarget = async ({ memory, tools, project, dna, runId }: PublishContext): Promise<PublishTarget<"wordpress">> => {
  const { post_type, status } = dna.modules.local_seo.publishing;
  const { client, profile } = await openWordpress({ memory, tools, project_id: project.id }, post_type);
  demandRights(profile, status);
  const lease = { memory, project_id: project.id, holder: runId };
  return createWordpressTarget({
    client,
    profile,
    status,
    clock: tools.clock,
    media: mediaMemoryOf(memory),
    // By the site, not the project: two projects may share one.
    withLease: async (slug, work) => withLease(lease, `wordpress:${sha256Hex(JSON.stringify([profile.root, slug]))}`, work),
  });
};

/** Opens one of the project's targets. @throws AppError saying what a person must mend, or whether to try again */
export const openTarget = async (name: TargetName, context: PublishContext): Promise<PublishTarget> => {
  if (name === "wordpress") return wordpressTarget(context);
  const { memory, tools, project, dna } = context;
  return createHostedTarget({ memory, storage: tools.storage, clock: tools.clock, hosting: tools.hosting, project, dna });
};
