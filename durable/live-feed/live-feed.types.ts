import { z } from "zod";
import { type LiveKind, liveKinds } from "../../core/memory/schema/live.ts";

/** One change as whoever watches is told of it. */
export interface LiveEvent {
  seq: number;
  /** ISO 8601: when it was told. */
  at: string;
  kind: LiveKind;
  id: string;
  project_id: string;
  /** The row as lists show it now, which may be newer than this change; null: it is gone. */
  data: unknown;
}

/** Who watches, as the edge has checked them: it rides along with the connection through hibernation. */
export const watcherSchema = z.object({
  tenant_id: z.string(),
  project_id: z.string(),
  /** What they may see. */
  kinds: z.array(z.enum(liveKinds)),
  /** The last change that they have been told of; null: they begin now. */
  since: z.number().int().nonnegative().nullable(),
  /** They have to show their token again by then, business time in ms. */
  expires_at: z.number(),
});
export type Watcher = z.infer<typeof watcherSchema>;

/** Why a connection ends. Beyond 4000: ours to give a meaning (RFC 6455, section 7.4.2). */
export const CLOSE = {
  /** Show the token again; `since` goes on where it was. */
  expired: { code: 4001, reason: "token expired, connect again" },
  /** Changes since `since` are not known any more: load what is shown afresh, and connect without it. */
  gap: { code: 4010, reason: "since is too old, load afresh" },
  unheard: { code: 1003, reason: "nothing is said here but ping" },
} as const;
