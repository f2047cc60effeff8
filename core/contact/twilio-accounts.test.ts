import { describe, expect, it } from "vitest";
import { standInForTwilio } from "../../test/support/twilio-wire.ts";
import { vendorBusy } from "../providers/pace.ts";
import { createTwilioAccounts, type TwilioAccountsTools } from "./twilio-accounts.ts";

const accounts = (admitText: TwilioAccountsTools["admitText"]) =>
  createTwilioAccounts({ memory: {} as TwilioAccountsTools["memory"], vault: {} as TwilioAccountsTools["vault"], service: { account_sid: "ACservice", auth_token: "x" }, baseUrl: "https://twilio.test", fetch: async (input, init) => fetch(input, init), admitText });
const text = { to: "+64210000001", from: "+64220000002", body: "Hello" };

describe("a text by the service's account", () => {
  it("is sent once there is room; one by an account that a tenant has brought does not ask", async () => {
    const twilio = standInForTwilio();
    let admitted = 0;
    const { service, with: brought } = accounts(async (send) => ((admitted += 1), send()));
    await service.sendMessage(text);
    await brought({ account_sid: "ACtheirs", auth_token: "y" }).sendMessage(text);
    expect([admitted, twilio.messages.length]).toEqual([1, 2]);
  });

  it("for which there is none is surely not sent, and is to be tried again as late as the desk says", async () => {
    const twilio = standInForTwilio();
    const { service } = accounts(async () => Promise.reject(vendorBusy("twilio_messages", 20_000)));
    await expect(service.sendMessage(text)).rejects.toMatchObject({ name: "TwilioError", failure: "retry", retryable: true, retryAfterMs: 20_000 });
    expect(twilio.messages).toEqual([]);
  });
});
