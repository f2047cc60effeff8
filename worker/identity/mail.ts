import { AppError, conflict, describeError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { logger } from "../../core/log.ts";
import { type Actor, systemActor } from "../../core/memory/actor.ts";
import type { MailedToken } from "../../core/memory/identity.directory.ts";
import type { PURPOSES } from "../../core/memory/mailed-tokens.store.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import { mailedTokenAgain, newMailedToken } from "../../core/security/mailed-tokens.ts";
import type { Services } from "../services.ts";
import { letterOf } from "./letters.ts";

const log = logger("mail");

const MAILS_A_SWEEP = 20;
/** Longer than an attempt takes, and short enough to be tried again soon when the Worker died in it. */
const PUT_OFF_MS = 60_000;

/** @throws AppError 409 where no mail can be sent: better than to let somebody wait for one */
export const requireMail = ({ mailer }: Pick<Services, "mailer">): void => {
  if (mailer.configured) return;
  log.error("mail is not configured: set RESEND_API_KEY and MAIL_FROM");
  throw conflict("mail_not_configured", "This service cannot send mail: it is not configured.");
};

/** What the throttle counts mails to an address as. */
export const mailSubject = (email: string): string => sha256Hex(`mail:${email}`);

/**
 * Makes one attempt to send what a row owes. It never throws: what fails is the sweep's to try again.
 */
export const deliver = async ({ memory, mailer, settings }: Pick<Services, "memory" | "mailer" | "settings">, row: MailedToken): Promise<void> => {
  const store = memory.for(row.tenant_id, systemActor("mail")).mailedTokens;
  try {
    const token = mailedTokenAgain(row, settings.APEX_JWT_SECRET);
    if (token === null) throw new AppError({ code: "secret_gone", status: 500, message: "The secret that the token was made with has been taken away." });
    await mailer.send({ to: row.email, ...letterOf(row.purpose, token, settings.DASHBOARD_ORIGINS[0]), idempotency_key: row.id });
    await store.settled(row.id);
  } catch (error) {
    log.error("mail not sent", { mail_id: row.id, purpose: row.purpose, attempts: row.mail_attempts, error: describeError(error) });
    const worthwhile = error instanceof AppError && error.retryable;
    await (worthwhile ? store.postponed(row) : store.settled(row.id)).catch((failure: unknown) => log.error("mail's row not written", { mail_id: row.id, error: describeError(failure) }));
  }
};

/** What the sweep does: mails whose Worker died, or whose vendor was down. */
export const sendDueMails = async (services: Pick<Services, "memory" | "mailer" | "settings">): Promise<void> => {
  if (!services.mailer.configured) return;
  const due = await services.memory.identity.takeDueMails(MAILS_A_SWEEP, PUT_OFF_MS);
  await Promise.all(due.map(async (row) => deliver(services, row)));
};

interface Addressee {
  id: string;
  tenant_id: string;
  email: string;
}

/** Nobody: the same work is done for an address without an account, and comes to nothing. */
const nobody = (email: string): Addressee => ({ id: "usr_nobody", tenant_id: "ten_nobody", email });

/**
 * Writes down a token to be mailed, and gives back the row whose mail is owed, to be delivered behind the answer.
 * @param user undefined: as long as for somebody, and nothing is left of it
 */
export const requestMail = async (
  { memory, settings, clock }: Pick<Services, "memory" | "settings" | "clock">,
  { purpose, email, user, actor }: { purpose: keyof typeof PURPOSES; email: string; user: Addressee | undefined; actor: Omit<Actor, "actor"> },
): Promise<MailedToken | undefined> => {
  const addressee = user ?? nobody(email);
  const id = newId("mlt", clock.now());
  const { hash } = newMailedToken(id, settings.APEX_JWT_SECRET);
  return memory.for(addressee.tenant_id, { ...actor, actor: `user:${addressee.id}` }).mailedTokens.request({ id, purpose, token_hash: hash, email, user_id: addressee.id, subject: mailSubject(email) });
};
