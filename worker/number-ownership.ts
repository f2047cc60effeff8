import { invalid, vendorError } from "../core/errors.ts";
import type { TwilioClient } from "../core/providers/twilio/twilio.client.ts";
import { TwilioError } from "../core/providers/twilio/twilio.errors.ts";

const notOwned = () => invalid([{ path: "phone_number", message: "is not a number of that Twilio account" }]);

/**
 * Asks Twilio whether the number is the account's: nobody gets a number by naming it.
 * @param lenient on a developer's machine a stand-in need not know about numbers: only a refused token counts there
 * @throws AppError 422 for a wrong token or somebody else's number, retryable 502 when Twilio gives no clear answer
 */
export const checkOwnership = async (twilio: Pick<TwilioClient, "findNumber">, number: string, { lenient }: { lenient: boolean }): Promise<void> => {
  let owned: boolean;
  try {
    owned = (await twilio.findNumber(number)) !== null;
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    if (error.failure === "account") throw invalid([{ path: "twilio.auth_token", message: "is refused by Twilio for that account" }]);
    if (error.retryable) throw vendorError("twilio_unreachable", "Twilio did not say whose number that is; nothing was changed.", { retryable: true, cause: error });
    if (lenient) return;
    throw notOwned();
  }
  if (!owned) throw notOwned();
};
