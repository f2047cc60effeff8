import type { House } from "./house.ts";

/** Ends a call from outside, by the account's own API. `canceled` is for one that only rings. */
export const hangUp = async ({ sandbox }: House, callSid: string, status: "completed" | "canceled" = "completed"): Promise<void> => {
  const response = await fetch(`${sandbox.url}/2010-04-01/Accounts/${sandbox.accountSid}/Calls/${callSid}.json`, {
    method: "POST",
    headers: { Authorization: `Basic ${Buffer.from(`${sandbox.accountSid}:${sandbox.authToken}`).toString("base64")}` },
    body: new URLSearchParams({ Status: status }),
  });
  if (!response.ok) throw new Error(`ending ${callSid}: ${response.status} ${await response.text()}`);
};
