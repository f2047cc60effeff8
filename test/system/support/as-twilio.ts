import { twilioSignature } from "../../../sandbox/twilio/signature.ts";
import { type Answer, send } from "./client.ts";
import type { House } from "./house.ts";

export type Signing = "signed" | "signed with another token" | "signed for another address" | "signed for another body" | "not signed";

/** Posts a form to the Worker as Twilio would, or as somebody who would like to be Twilio. */
export const postAsTwilio = async (house: House, pathAndQuery: string, params: Record<string, string>, how: Signing = "signed"): Promise<Answer> => {
  const url = `${house.url}${pathAndQuery}`;
  const signature = (): string | undefined => {
    const sign = (token: string, address: string, form: Record<string, string>): string => twilioSignature(token, address, Object.entries(form));
    switch (how) {
      case "signed":
        return sign(house.sandbox.authToken, url, params);
      case "signed with another token":
        return sign("another-token", url, params);
      case "signed for another address":
        return sign(house.sandbox.authToken, `${url}&more=1`, params);
      case "signed for another body":
        return sign(house.sandbox.authToken, url, { ...params, CallSid: "CA00000000000000000000000000000000" });
      case "not signed":
        return undefined;
    }
  };
  const value = signature();
  return send("POST", url, { body: new URLSearchParams(params), headers: value === undefined ? {} : { "X-Twilio-Signature": value } });
};
