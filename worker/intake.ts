import type { Context } from "hono";
import { z } from "zod";
import { acceptLead, type IntakeAnswer, type Submission } from "../agents/lead-gen/accept-lead.ts";
import { invalid, unauthorized } from "../core/errors.ts";
import type { Project, WebhookSource } from "../core/memory/projects.store.ts";
import { signingSecretOf, type StoredSecret } from "../core/memory/secrets.store.ts";
import { checkSignature, type SignatureCheck, signingSchemes } from "../core/security/webhook-signatures.ts";
import { matchesWebhookKey } from "../core/security/webhook-keys.ts";
import { actorOf } from "./middleware/auth.ts";
import { notedIds } from "../core/observe/activity.ts";
import { projectIdSchema } from "./router.ts";
import { announce } from "./live.ts";
import type { AppEnv } from "./services.ts";

/** Who knows no project is compared against this, so that the answer takes as long. */
const NOBODY = "0".repeat(64);

export interface Door {
  project: Project;
  /** The sender's own name for this submission; null where submissions are not signed. */
  delivery: string | null;
}

/** A secret that was stored is one that must be used: what it says of itself decides how. */
const checkSigned = async (c: Context<AppEnv>, project: Project, source: WebhookSource, { sealed, shown }: StoredSecret): Promise<SignatureCheck> => {
  const { vault, clock } = c.var.services;
  const secret = await vault.open(sealed, { tenant_id: project.tenant_id, project_id: project.id, name: signingSecretOf(source) });
  const request = { header: (name: string) => c.req.header(name) ?? null, rawBody: new Uint8Array(await c.req.arrayBuffer()) };
  return checkSignature(z.enum(signingSchemes).parse(shown.scheme), secret, request, clock.now());
};

/**
 * The project that an intake request names, once its key is proven, and its signature where the project has asked for one.
 * @throws AppError 422 for a malformed id; the same 401 for an unknown project, a wrong key and a bad or missing signature
 */
export const doorOf = async (c: Context<AppEnv>, source: WebhookSource, key: unknown): Promise<Door> => {
  const { memory, settings } = c.var.services;
  const id = projectIdSchema.safeParse(c.req.query("project_id") ?? settings.DEFAULT_PROJECT_ID);
  if (!id.success) throw invalid([{ path: "project_id", message: "must match ^[a-zA-Z0-9_-]{1,64}$" }]);
  const found = await memory.directory.webhook(id.data, source);
  const genuine = await matchesWebhookKey(key, found?.key_hash ?? NOBODY);
  if (!found || !genuine) throw unauthorized("The key is not this project's.");
  if (found.signing === null) return { project: found.project, delivery: null };
  const signed = await checkSigned(c, found.project, source, found.signing);
  if (!signed.genuine) throw unauthorized("The key is not this project's.");
  return { project: found.project, delivery: signed.delivery };
};

/** A lead that came in by a webhook, taken in as any lead is. */
export const acceptWebhook = async (c: Context<AppEnv>, submission: Submission & { source: WebhookSource }): Promise<IntakeAnswer> => {
  const { memory, bridgeCalls, jobs } = c.var.services;
  const { project, source } = submission;
  const store = memory.for(project.tenant_id, actorOf(c, `webhook:${source}`));
  const answer = await acceptLead({ memory: store, bridgeCalls, enqueue: jobs.enqueue, requestId: c.var.requestId, waitUntil: (work) => c.executionCtx.waitUntil(work) }, submission);
  notedIds({ tenant_id: project.tenant_id, project_id: project.id, lead_id: answer.lead_id });
  announce(c, { tenant_id: project.tenant_id, project_id: project.id });
  return answer;
};
