import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "../../core/errors.ts";
import { type LiveKind, liveKinds } from "../../core/memory/schema/live.ts";
import type { Scope } from "../../core/security/scopes.ts";
import { liveEvents } from "../live.ts";
import { memoryOf, offeredProtocol, requires } from "../middleware/auth.ts";
import { bearer, createRouter, json, problems, projectIdSchema } from "../router.ts";

/** How long a connection lasts before its token has to be shown again: so long at most does one outlive the token, the member or the key. */
const CONNECTION_MS = 10 * 60_000;
/** How long changes are numbered for whoever polls. */
const POLLING_MS = 24 * 3_600_000;
const EVENTS_A_POLL = 200;

const SCOPE_OF: Record<LiveKind, Scope> = { entity: "leads:read", call: "calls:read", run: "leads:read" };

const eventSchema = z
  .object({
    seq: z.number().int(),
    at: z.string(),
    kind: z.enum(liveKinds),
    id: z.string(),
    project_id: z.string(),
    data: z.unknown().openapi({ description: "The row as its list shows it now; null: it is gone" }),
  })
  .openapi("LiveEvent");

const live = createRoute({
  method: "get",
  path: "/api/live",
  summary: "Changes of a project's leads, calls and runs, as they happen",
  description:
    "A WebSocket: one event a message. The token in `Authorization`, or offered as the subprotocol `bearer.<token>`. `since` replays what came after a `seq`. " +
    "The server closes with 4001 after ten minutes at most (connect again, with `since`) and with 4010 when `since` is too old (load afresh, connect without). `ping` is answered `pong`. " +
    "Without an upgrade it is a poll: events after `since`, and the `seq` to go on from; 410 when `since` is too old.",
  security: bearer,
  middleware: [requires()] as const,
  request: { query: z.object({ project_id: projectIdSchema, since: z.coerce.number().int().min(0).optional() }) },
  responses: { 101: { description: "The WebSocket" }, 200: json(z.object({ items: z.array(eventSchema), seq: z.number().int() }), "A poll's answer"), ...problems(401, 403, 404, 410, 422, 429) },
});

export const liveRoutes = createRouter().openapi(live, async (c) => {
  const { clock, liveFeed } = c.var.services;
  const { project_id, since = null } = c.req.valid("query");
  const memory = memoryOf(c);
  const { scopes, tenant_id } = c.var.principal;
  await memory.projects.get(project_id);
  const kinds = liveKinds.filter((kind) => scopes.includes(SCOPE_OF[kind]));
  if (c.req.header("Upgrade")?.toLowerCase() === "websocket") {
    return liveFeed.connect({ tenant_id, project_id, kinds, since, expires_at: clock.now() + CONNECTION_MS }, offeredProtocol(c));
  }
  await memory.live.watch(project_id, POLLING_MS);
  const { changes, seq, gap } = await memory.live.changes(project_id, since, EVENTS_A_POLL);
  if (gap) throw new AppError({ code: "live_gap", status: 410, message: "Changes since then are not known any more: load what is shown afresh, and poll without since." });
  const events = await liveEvents(memory, project_id, changes, clock);
  // Of more than a page, the next poll goes on where this one ended.
  return c.json({ items: events.filter(({ kind }) => kinds.includes(kind)), seq: changes.length === EVENTS_A_POLL ? (changes.at(-1)?.seq ?? seq) : seq }, 200);
});
