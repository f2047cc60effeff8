import type { Context } from "hono";
import { z } from "zod";
import { acceptLead, type IntakeAnswer, type Submission } from "../agents/lead-gen/accept-lead.ts";
import { AppError, invalid, unauthorized } from "../core/errors.ts";
import { remember } from "../core/remember.ts";
import type { Project, WebhookSource } from "../core/memory/projects.store.ts";
import { signingSecretOf, type StoredSecret } from "../core/memory/secrets.store.ts";
import type { WebhookDoor } from "../core/memory/webhook-door.ts";
import { checkSignature, type SignatureCheck, signingSchemes } from "../core/security/webhook-signatures.ts";
import { matchesWebhookKey } from "../core/security/webhook-keys.ts";
import { actorOf } from "./middleware/auth.ts";
import { notedIds } from "../core/observe/activity.ts";
import { projectIdSchema } from "./router.ts";
import type { AppEnv } from "./services.ts";

/** Who knows no project is compared against this, so that the answer takes as long. */
const NOBODY = "0".repeat(64);
/** As many projects as an isolate keeps the DNA of. */
const REMEMBERED = 500;

export interface Door {
  project: Project;
  /** The sender's own name for this submission; null where submissions are not signed. */
  delivery: string | null;
}

/** Doors that this isolate has seen, by project and source, the oldest first. */
export type Doors = Map<string, WebhookDoor>;

const keyIsNotIts = () => unauthorized("The key is not this project's.");

/** A secret that was stored is one that must be used: what it says of itself decides how. */
const checkSigned = async (c: Context<AppEnv>, { project, source }: WebhookDoor, { sealed, shown }: StoredSecret): Promise<SignatureCheck> => {
  const { vault, clock } = c.var.services;
  const secret = await vault.open(sealed, { tenant_id: project.tenant_id, project_id: project.id, name: signingSecretOf(source) });
  const request = { header: (name: string) => c.req.header(name) ?? null, rawBody: new Uint8Array(await c.req.arrayBuffer()) };
  return checkSignature(z.enum(signingSchemes).parse(shown.scheme), secret, request, clock.now());
};

/** @throws AppError the same 401 for an unknown project, a wrong key and a bad or missing signature */
const enter = async (c: Context<AppEnv>, found: WebhookDoor | undefined, key: unknown): Promise<Door> => {
  const genuine = await matchesWebhookKey(key, found?.key_hash ?? NOBODY);
  if (!found || !genuine) throw keyIsNotIts();
  if (found.signing === null) return { project: found.project, delivery: null };
  const signed = await checkSigned(c, found, found.signing);
  if (!signed.genuine) throw keyIsNotIts();
  return { project: found.project, delivery: signed.delivery };
};

/** A lead that came in by a webhook, taken in as any lead is. */
const accept = async (c: Context<AppEnv>, source: WebhookSource, door: WebhookDoor | null, submission: Omit<Submission, "source" | "door">): Promise<IntakeAnswer> => {
  const { memory, bridgeCalls, jobs, changed } = c.var.services;
  const { project } = submission;
  const store = memory.for(project.tenant_id, actorOf(c, `webhook:${source}`));
  const answer = await acceptLead({ memory: store, bridgeCalls, enqueue: jobs.enqueue, requestId: c.var.requestId, waitUntil: (work) => c.executionCtx.waitUntil(work), changed }, { ...submission, source, door });
  notedIds({ tenant_id: project.tenant_id, project_id: project.id, lead_id: answer.lead_id });
  return answer;
};

/**
 * Takes in the lead of a request that names a project, once its key is proven, and its signature where the project has asked for one.
 * A door that this isolate has seen is not looked up first: the lead's own transaction stores nothing unless it is still as it was,
 * and then, or where the request is not right by what is remembered, it is looked up after all. So a form is one trip to the database on its way to
 * the phone, and a key that was taken away opens nothing.
 * @param read what was submitted, as a project reads it
 * @throws AppError 422 for a malformed id; the same 401 for an unknown project, a wrong key and a bad or missing signature; what `read` throws
 */
export const takeIn = async (c: Context<AppEnv>, source: WebhookSource, key: unknown, read: (door: Door) => Promise<Omit<Submission, "source" | "door">>): Promise<IntakeAnswer> => {
  const { memory, settings, webhookDoors: doors } = c.var.services;
  const id = projectIdSchema.safeParse(c.req.query("project_id") ?? settings.DEFAULT_PROJECT_ID);
  if (!id.success) throw invalid([{ path: "project_id", message: "must match ^[a-zA-Z0-9_-]{1,64}$" }]);
  const name = `${source}/${id.data}`;
  const remembered = doors.get(name);
  if (remembered) {
    try {
      return await accept(c, source, remembered, await read(await enter(c, remembered, key)));
    } catch (error) {
      // Anything else may have happened after the lead was stored.
      if (!(error instanceof AppError)) throw error;
    }
  }
  const found = await memory.directory.webhook(id.data, source);
  const door = await enter(c, found, key);
  if (found) remember(doors, REMEMBERED, name, found);
  return accept(c, source, null, await read(door));
};
