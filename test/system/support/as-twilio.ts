import { twilioSignature } from "../../../sandbox/twilio/signature.ts";
import { type Answer, send } from "./client.ts";
import type { House } from "./house.ts";

export type Signing = "signed" | "signed with another token" | "signed for another address" | "signed for another body" | "not signed";

/**
 * Posts a form to the Worker as Twilio would, or as somebody who would like to be Twilio.
 * @param token of the account that signs; the house's own when left out
 */
export const postAsTwilio = async (house: House, pathAndQuery: string, params: Record<string, string>, how: Signing = "signed", token = house.sandbox.authToken): Promise<Answer> => {
  const url = `${house.url}${pathAndQuery}`;
  const signature = (): string | undefined => {
    const sign = (token: string, address: string, form: Record<string, string>): string => twilioSignature(token, address, Object.entries(form));
    switch (how) {
      case "signed":
        return sign(token, url, params);
      case "signed with another token":
        return sign("another-token", url, params);
      case "signed for another address":
        return sign(token, `${url}&more=1`, params);
      case "signed for another body":
        return sign(token, url, { ...params, CallSid: "CA00000000000000000000000000000000" });
      case "not signed":
        return undefined;
    }
  };
  const value = signature();
  return send("POST", url, { body: new URLSearchParams(params), headers: value === undefined ? {} : { "X-Twilio-Signature": value } });
};
