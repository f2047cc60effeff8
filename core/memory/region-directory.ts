import type { Clock } from "../clock.ts";
import { eachOf, firstOf, listOfReachable } from "./across.ts";
import type { Claims } from "./claims.ts";
import type { Databases, NamedDatabase } from "./databases.ts";
import { createDirectory } from "./directory.ts";
import { createHostingDirectory } from "./hosting.directory.ts";
import { createIdentityDirectory } from "./identity.directory.ts";

export interface RegionTools {
  databases: Databases;
  claims: Claims;
  clock: Clock;
}

const onlyOne = <Store>(stores: readonly Store[]): Store | undefined => (stores.length === 1 ? stores[0] : undefined);

/** The directory of a region with several databases (docs/growth.md): who is it, whichever of them they are in? */
export const createRegionDirectory = ({ databases, claims, clock }: RegionTools): ReturnType<typeof createDirectory> => {
  const directoryOf = ({ db }: Pick<NamedDatabase, "db">) => createDirectory({ db, clock, claims, placed: (tenantId) => databases.placed(tenantId) });
  const all = databases.all.map(directoryOf);
  const single = onlyOne(all);
  if (single !== undefined) return single;
  const home = directoryOf(databases.home);
  return {
    ping: async () => eachOf(all, async (one) => one.ping()),
    userByEmail: async (email) => firstOf(all, async (one) => one.userByEmail(email)),
    user: async (id) => firstOf(all, async (one) => one.user(id)),
    regionOf: async (tenantId) => directoryOf(databases.of(tenantId)).regionOf(tenantId),
    signUp: async (input, actor) => (all.at(-1) ?? home).signUp(input, actor),
    setPassword: async (userId, hash) => eachOf(all, async (one) => one.setPassword(userId, hash)),
    // Of nobody in particular: one throttle, wherever the account is.
    takeAttempt: async (subject, limit) => home.takeAttempt(subject, limit),
    forgetAttempts: async (subject) => home.forgetAttempts(subject),
    project: async (id) => firstOf(all, async (one) => one.project(id)),
    numberOwner: async (number) => firstOf(all, async (one) => one.numberOwner(number)),
    webhook: async (projectId, source) => firstOf(all, async (one) => one.webhook(projectId, source)),
    mailIntake: async (keyHash) => firstOf(all, async (one) => one.mailIntake(keyHash)),
    dueCalls: async (limit) => listOfReachable(all, async (one) => one.dueCalls(limit)),
    takeDueRuns: async (limit, putOffMs) => listOfReachable(all, async (one) => one.takeDueRuns(limit, putOffMs)),
    parkedTenants: async () => listOfReachable(all, async (one) => one.parkedTenants()),
    dueCanaries: async (limit) => listOfReachable(all, async (one) => one.dueCanaries(limit)),
    forgetOld: async (olderThan) => eachOf(all, async (one) => one.forgetOld(olderThan)),
  };
};

export const createRegionIdentity = ({ databases, clock }: Omit<RegionTools, "claims">): ReturnType<typeof createIdentityDirectory> => {
  const all = databases.all.map(({ db }) => createIdentityDirectory({ db, clock }));
  return (
    onlyOne(all) ?? {
      callerBySession: async (id) => firstOf(all, async (one) => one.callerBySession(id)),
      callerByKey: async (hash) => firstOf(all, async (one) => one.callerByKey(hash)),
      sessionOfFamily: async (hash) => firstOf(all, async (one) => one.sessionOfFamily(hash)),
      mailedToken: async (hash, purpose) => firstOf(all, async (one) => one.mailedToken(hash, purpose)),
      takeDueMails: async (limit, putOffMs) => listOfReachable(all, async (one) => one.takeDueMails(limit, putOffMs)),
      forgetExpired: async () => eachOf(all, async (one) => one.forgetExpired()),
    }
  );
};

export const createRegionHosting = ({ databases }: Pick<RegionTools, "databases">): ReturnType<typeof createHostingDirectory> => {
  const all = databases.all.map(({ db }) => createHostingDirectory({ db }));
  return onlyOne(all) ?? { lookUp: async (host, path) => (await firstOf(all, async (one) => (await one.lookUp(host, path)) ?? undefined)) ?? null };
};
