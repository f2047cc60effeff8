import type { Line } from "../../core/contact/line.ts";
import { vendorError } from "../../core/errors.ts";
import type { TwilioClient } from "../../core/providers/twilio/twilio.client.ts";
import { TwilioError } from "../../core/providers/twilio/twilio.errors.ts";
import { failed, type Finding, passed } from "./check.types.ts";

const pointsHere = (what: string, set: string | null | undefined, wanted: string): Finding => {
  if (set === wanted) return passed(what, "comes to this business");
  return failed(what, set === undefined || set === null || set === "" ? `goes nowhere: set it to ${wanted}` : `goes to ${set}: set it to ${wanted}`);
};

/**
 * Asks Twilio about a project's own number: whose it is, and where calls and texts to it go.
 * @throws AppError 502 when Twilio gives no clear answer
 */
export const checkNumber = async (twilio: Pick<TwilioClient, "findNumber">, { from }: Line, wanted: { voice: string; sms: string }): Promise<Finding[]> => {
  const account = "The account at Twilio";
  try {
    const found = await twilio.findNumber(from);
    if (found === null) return [failed(account, `does not have ${from}`)];
    return [passed(account, `has ${from}`), pointsHere("A call to it", found.voice_url, wanted.voice), pointsHere("A text to it", found.sms_url, wanted.sms)];
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    if (error.failure === "account") return [failed(account, "refuses the token: give it again")];
    throw vendorError("twilio_unreachable", "Twilio did not answer just now.", { retryable: true, cause: error });
  }
};
