import type { Context } from "hono";
import type { Line } from "../core/contact/line.ts";
import type { Project } from "../core/memory/projects.store.ts";
import { notSignedBy } from "../core/providers/twilio/signature.ts";
import type { AppEnv } from "./services.ts";

export interface CalledLine {
  /** Null: the service's own number. */
  line: Line | null;
  /** The page that shows the number; null: none does. */
  page_id: string | null;
}

/**
 * The line that somebody has called or texted, once it is the project's. A number that is registered is its project's alone, by its
 * account alone. One that is not is taken from the service's own account only, and only for a project without numbers of its
 * own: nobody but the operator can point such a number here.
 * @throws AppError 403; nothing changes
 */
export const lineCalled = async (c: Context<AppEnv>, project: Project, to: string): Promise<CalledLine> => {
  const { memory, settings } = c.var.services;
  const account_sid = c.var.twilioAccount;
  const owner = await memory.directory.numberOwner(to);
  if (owner !== undefined) {
    if (owner.project_id !== project.id || owner.account_sid !== account_sid) throw notSignedBy();
    return { line: { from: to, account_sid }, page_id: owner.page_id };
  }
  if (account_sid !== null || project.from_number !== null) throw notSignedBy();
  return { line: to === "" || to === settings.TWILIO_PHONE_NUMBER ? null : { from: to, account_sid }, page_id: null };
};
