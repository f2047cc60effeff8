import type { DialerObject } from "./dialer.object.ts";
import type { LeaseAnswer, LeaseHolder, LeaseRequest } from "./dialer.types.ts";

/** Which account's dialer: a tenant's own, or (null) the service's. */
export interface DialerAddress {
  tenant_id: string;
  account_sid: string | null;
}

/**
 * The service's account is every tenant's; one that a tenant has brought is its alone, so that nobody who brings the same one
 * shares its books.
 */
const dialerName = ({ tenant_id, account_sid }: DialerAddress, serviceAccount: string): string => (account_sid === null ? serviceAccount : `${tenant_id}/${account_sid}`);

/** The typed way to the dialers, one a Twilio account. */
export const createDialers = ({ namespace, serviceAccount }: { namespace: DurableObjectNamespace<DialerObject>; serviceAccount: string }) => ({
  of(address: DialerAddress) {
    const stub = () => namespace.getByName(dialerName(address, serviceAccount));
    return {
      acquire: async (request: LeaseRequest): Promise<LeaseAnswer> => stub().acquire(request),
      renew: async (holder: LeaseHolder, phone: string, until: number): Promise<void> => stub().renew(holder, phone, until),
      release: async (holder: LeaseHolder): Promise<void> => stub().release(holder),
      busyAmong: async (phones: string[]): Promise<string[]> => (phones.length === 0 ? [] : stub().busyAmong(phones)),
      claim: async (holder: LeaseHolder, sid: string): Promise<void> => stub().claim(holder, sid),
      claimedByOthers: async (holder: LeaseHolder, sids: string[]): Promise<string[]> => (sids.length === 0 ? [] : stub().claimedByOthers(holder, sids)),
    };
  },
});

export type Dialers = ReturnType<typeof createDialers>;
export type DialerClient = ReturnType<Dialers["of"]>;
