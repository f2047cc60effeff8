import type { Clock } from "../../clock.ts";
import { describeError } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { Actor } from "../actor.ts";
import type { NamedDatabase } from "../databases.ts";
import { backUpDatabase } from "./back-up.ts";
import { backUpObjects, restoreObjects } from "./objects.ts";
import type { Manifest } from "./page-format.ts";
import { listBackups, restoreDatabase, type RestoreProgress, type RestoreTools } from "./restore.ts";

const log = logger("backup");

export interface BackupsOptions {
  databases: readonly NamedDatabase[];
  storage: R2Bucket;
  backups: R2Bucket;
  clock: Clock;
  eraseAgain: RestoreTools["eraseAgain"];
  giveUpCall: RestoreTools["giveUpCall"];
}

/** A sweep's share: some seconds. At 10,000 rows a minute a day has room for 14 million. */
const PAGES_A_SWEEP = 50;
const OBJECTS_A_SWEEP = 50;
/** A request's share. */
const PAGES_A_STEP = 40;

/** Daily backups of all of a region's databases and of its storage, and the way back. */
export const createBackups = ({ databases, storage, backups, clock, eraseAgain, giveUpCall }: BackupsOptions) => {
  const named = (name: string): NamedDatabase | undefined => databases.find((database) => database.name === name);
  const [first] = databases;
  return {
    /** Takes the day's backups further. One that fails does not keep the others from their turn. @returns whether all are done */
    async keep(): Promise<boolean> {
      const shares = [
        ...databases.map((database) => ({ what: database.name, step: async () => backUpDatabase({ ...database, backups, clock }, PAGES_A_SWEEP) })),
        ...(first ? [{ what: "objects", step: async () => backUpObjects({ db: first.db, storage, backups, clock }, OBJECTS_A_SWEEP) }] : []),
      ];
      let done = true;
      for (const { what, step } of shares) {
        done =
          (await step().catch((error: unknown) => {
            log.error("not backed up", { what, error: describeError(error) });
            return false;
          })) && done;
      }
      return done;
    },
    /** Finished ones, newest first, of each database. */
    async list(): Promise<Manifest[]> {
      const found = await Promise.all(databases.map(async ({ name }) => listBackups(backups, name)));
      return found.flat().toSorted((one, other) => other.started_at - one.started_at);
    },
    /** See restoreDatabase. @returns null when no database has that name */
    async restore(name: string, day: string, actor: Actor): Promise<RestoreProgress | null> {
      const database = named(name);
      return database ? restoreDatabase({ ...database, backups, clock, actor, eraseAgain, giveUpCall }, day, PAGES_A_STEP) : null;
    },
    restoreObjects: async (after: string) => restoreObjects({ storage, backups }, after),
  };
};

export type Backups = ReturnType<typeof createBackups>;
