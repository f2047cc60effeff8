import type { MailedToken } from "../../core/memory/identity.directory.ts";

export interface Letter {
  subject: string;
  text: string;
}

/** The dashboard's pages. The token stands behind `#`, so that no server, log or Referer sees it. */
const PAGES: Readonly<Record<MailedToken["purpose"], string>> = { verify: "verify", reset: "reset", invitation: "invitation" };

const SUBJECTS: Readonly<Record<MailedToken["purpose"], string>> = {
  verify: "Confirm your address",
  reset: "Set a new password",
  invitation: "You are invited to Apex",
};

const REASONS: Readonly<Record<MailedToken["purpose"], string>> = {
  verify: "Somebody signed up to Apex with this address. If it was you, please confirm it.",
  reset: "Somebody asked for a new password for the account with this address. If it was you, set one within the hour. Until then nothing changes.",
  invitation: "You are invited to join a business's account on Apex.",
};

/**
 * What is written to an address. Nothing of it is a stranger's to choose: a name in it would make us carry their message.
 * @param dashboard its origin; without one the mail holds the bare token, for whoever uses the API by hand
 */
export const letterOf = (purpose: MailedToken["purpose"], token: string, dashboard: string | undefined): Letter => {
  const way = dashboard === undefined ? `Your token: ${token}` : `${dashboard}/${PAGES[purpose]}#token=${token}`;
  return { subject: SUBJECTS[purpose], text: `${REASONS[purpose]}\n\n${way}\n\nIf it was not you, do nothing.\n` };
};
