import { systemActor } from "../memory/actor.ts";
import type { Memory } from "../memory/memory.ts";
import { isVendorBusy } from "../providers/pace.ts";
import { createTwilioClient, type TwilioClient } from "../providers/twilio/twilio.client.ts";
import { TwilioError } from "../providers/twilio/twilio.errors.ts";
import type { TwilioAccount } from "../providers/twilio/twilio.http.ts";
import type { SecretPlace, Vault } from "../security/vault.ts";

/** Where an account's token belongs in the vault: with the tenant as a whole, since several projects may have numbers of it. */
export const twilioTokenPlace = (tenantId: string, accountSid: string): SecretPlace => ({ tenant_id: tenantId, project_id: null, name: `twilio:${accountSid}` });

export interface TwilioAccountsTools {
  memory: Pick<Memory, "for">;
  vault: Pick<Vault, "open">;
  /** The service's own account. */
  service: TwilioAccount;
  baseUrl: string;
  fetch: typeof globalThis.fetch;
  /** Sends a text by the service's account once there is room for it: all tenants share that. @throws AppError `vendor_busy`, and what sending throws */
  admitText: <T>(send: () => Promise<T>) => Promise<T>;
}

/** Every Twilio account that the house works with: the service's own (null), and those that tenants have brought. */
export const createTwilioAccounts = ({ memory, vault, service, baseUrl, fetch, admitText }: TwilioAccountsTools) => {
  const clientOf = (account: () => Promise<TwilioAccount>): TwilioClient => createTwilioClient({ account, baseUrl, fetch });

  const tokenOf = async (tenantId: string, accountSid: string): Promise<string | null> => {
    const sealed = await memory.for(tenantId, systemActor("twilio")).numbers.sealedToken(accountSid);
    return sealed === undefined ? null : vault.open(sealed, twilioTokenPlace(tenantId, accountSid));
  };

  const unpaced = clientOf(() => Promise.resolve(service));
  const own: TwilioClient = {
    ...unpaced,
    async sendMessage(message) {
      try {
        return await admitText(async () => unpaced.sendMessage(message));
      } catch (error) {
        if (!isVendorBusy(error)) throw error;
        // As if Twilio had said it: surely not sent, and later it may be.
        throw new TwilioError({ failure: "retry", twilioCode: null, message: error.message, ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }), cause: error });
      }
    },
  };

  return {
    service: own,

    /**
     * The account that a call or text of this tenant's was made with, or is to be. Its token is looked up at each request.
     * Methods throw TwilioError `account` when the tenant does not have it any more.
     */
    of: (tenantId: string, accountSid: string | null): TwilioClient =>
      accountSid === null
        ? own
        : clientOf(async () => {
            const auth_token = await tokenOf(tenantId, accountSid);
            if (auth_token === null) throw new TwilioError({ failure: "account", twilioCode: null, message: `The Twilio account ${accountSid} is not this tenant's any more.` });
            return { account_sid: accountSid, auth_token };
          }),

    /** An account that is not stored (yet). */
    with: (account: TwilioAccount): TwilioClient => clientOf(() => Promise.resolve(account)),

    /** Whose signature a callback for this tenant must bear; null when the tenant has no such account. */
    tokenOf,
  };
};

export type TwilioAccounts = ReturnType<typeof createTwilioAccounts>;
