import type { DialerObject } from "./dialer.object.ts";
import type { LeaseAnswer, LeaseHolder, LeaseRequest } from "./dialer.types.ts";

/** The typed way to the dialer of one Twilio account. */
export const createDialerClient = ({ namespace, accountSid }: { namespace: DurableObjectNamespace<DialerObject>; accountSid: string }) => {
  const stub = () => namespace.getByName(accountSid);
  return {
    acquire: async (request: LeaseRequest): Promise<LeaseAnswer> => stub().acquire(request),
    renew: async (holder: LeaseHolder, phone: string, until: number): Promise<void> => stub().renew(holder, phone, until),
    release: async (holder: LeaseHolder): Promise<void> => stub().release(holder),
    busyAmong: async (phones: string[]): Promise<string[]> => (phones.length === 0 ? [] : stub().busyAmong(phones)),
    claim: async (holder: LeaseHolder, sid: string): Promise<void> => stub().claim(holder, sid),
    claimedByOthers: async (holder: LeaseHolder, sids: string[]): Promise<string[]> => (sids.length === 0 ? [] : stub().claimedByOthers(holder, sids)),
  };
};

export type DialerClient = ReturnType<typeof createDialerClient>;
