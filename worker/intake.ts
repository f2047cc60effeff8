import type { Context } from "hono";
import { acceptLead, type IntakeAnswer, type Submission } from "../agents/lead-gen/accept-lead.ts";
import { invalid, unauthorized } from "../core/errors.ts";
import type { Project, WebhookSource } from "../core/memory/projects.store.ts";
import { matchesWebhookKey } from "../core/security/webhook-keys.ts";
import { actorOf } from "./middleware/auth.ts";
import { projectIdSchema } from "./router.ts";
import type { AppEnv } from "./services.ts";

/** Who knows no project is compared against this, so that the answer takes as long. */
const NOBODY = "0".repeat(64);

/**
 * The project that an intake request names, once its key is proven.
 * @throws AppError 422 for a malformed id; the same 401 for an unknown project and a wrong key
 */
export const projectOf = async (c: Context<AppEnv>, source: WebhookSource, key: unknown): Promise<Project> => {
  const { memory, settings } = c.var.services;
  const id = projectIdSchema.safeParse(c.req.query("project_id") ?? settings.DEFAULT_PROJECT_ID);
  if (!id.success) throw invalid([{ path: "project_id", message: "must match ^[a-zA-Z0-9_-]{1,64}$" }]);
  const found = await memory.directory.webhook(id.data, source);
  const genuine = await matchesWebhookKey(key, found?.key_hash ?? NOBODY);
  if (!found || !genuine) throw unauthorized("The key is not this project's.");
  return found.project;
};

/** A lead that came in by a webhook, taken in as any lead is. */
export const acceptWebhook = async (c: Context<AppEnv>, submission: Submission & { source: WebhookSource }): Promise<IntakeAnswer> => {
  const { memory, bridgeCalls, jobs } = c.var.services;
  const { project, source } = submission;
  const store = memory.for(project.tenant_id, actorOf(c, `webhook:${source}`));
  return acceptLead({ memory: store, bridgeCalls, enqueue: jobs.enqueue, requestId: c.var.requestId, waitUntil: (work) => c.executionCtx.waitUntil(work) }, submission);
};
