import { AppError, forbidden } from "../../core/errors.ts";
import type { User } from "../../core/memory/directory.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import type { Role } from "../../core/security/scopes.ts";
import type { Services } from "../services.ts";

/** By one tenant: far more than a business has people to invite, far fewer than somebody who sends mail for a living wants. */
const INVITATIONS = { most: 50, windowMs: 86_400_000 };

export const invitationsSubject = (tenantId: string): string => sha256Hex(`invitations:${tenantId}`);

/**
 * Whether a person may have us write to that many strangers, and make them that.
 * @throws AppError 403 for an owner by somebody who is none, or where the inviter's own address is not confirmed (a check that
 *   is meant for the internet: not on a developer's machine); 429 when the tenant has invited enough for a day
 */
export const refuseInviting = async (
  { memory, settings }: { memory: { directory: Pick<Services["memory"]["directory"], "takeAttempt"> }; settings: Pick<Services["settings"], "APEX_ENV"> },
  inviter: Pick<User, "tenant_id" | "role" | "email_verified_at">,
  role: Role,
): Promise<void> => {
  if (role === "owner" && inviter.role !== "owner") throw forbidden("Only an owner can invite an owner.");
  if (settings.APEX_ENV !== "local" && inviter.email_verified_at === null) throw forbidden("Confirm your own address first.");
  if (await memory.directory.takeAttempt(invitationsSubject(inviter.tenant_id), INVITATIONS)) return;
  throw new AppError({ code: "too_many_invitations", status: 429, message: `At most ${INVITATIONS.most} invitations a day.`, headers: { "Retry-After": "86400" } });
};
