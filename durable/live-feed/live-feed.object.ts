import { DurableObject } from "cloudflare:workers";
import type { Clock } from "../../core/clock.ts";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import { sleep } from "../../core/wait.ts";
import type { LiveChange, LiveChanges } from "../../core/memory/live.store.ts";
import { CLOSE, type LiveEvent, type Watcher, watcherSchema } from "./live-feed.types.ts";

const log = logger("live-feed");

/** Looks by itself so often, in case that whoever made a change died before saying so. */
const LOOK_EVERY_MS = 5_000;
/** Changes are numbered so long after the last look: who comes back within it has missed nothing. */
const REMEMBER_MS = 24 * 3_600_000;
/** Says again that they are to be numbered so often. */
const RENEW_EVERY_MS = 3_600_000;
const CHANGES_A_STEP = 100;
const MOST_WATCHERS = 100;
/** From the end of a round to the next: what changes by the dozen is told together. */
const REST_MS = 250;

/** Of a project. */
export interface LiveSource {
  /** From now on and for so long, changes are numbered. */
  watch(forMs: number): Promise<void>;
  changes(since: number | null, limit: number): Promise<LiveChanges>;
  /** What the rows are now. */
  events(changes: readonly LiveChange[]): Promise<LiveEvent[]>;
}

export interface LiveFeedTools {
  clock: Clock;
  sourceOf: (address: Pick<Watcher, "tenant_id" | "project_id">) => LiveSource;
}

const watcherOf = (socket: WebSocket): Watcher | null => watcherSchema.safeParse(socket.deserializeAttachment()).data ?? null;

/**
 * Tells the watchers of one project what changes in it; named by tenant and project. It keeps nothing: the database numbers the
 * changes, each connection carries the number that it has been told, and an object that was asleep or lost goes on from there.
 */
export class LiveFeedObject extends DurableObject {
  readonly #tools: LiveFeedTools;
  #telling: Promise<void> | null = null;
  #again = false;
  #watchedUntil = 0;
  /** Real time, ms. */
  #restsUntil = 0;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env, tools: LiveFeedTools) {
    super(ctx, env);
    this.#tools = tools;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** A connection of somebody whom the edge has let in: `watcher` says whom. */
  override async fetch(request: Request): Promise<Response> {
    const watcher = watcherSchema.parse(JSON.parse(request.headers.get("X-Apex-Watcher") ?? "null"));
    if (this.ctx.getWebSockets().length >= MOST_WATCHERS) return new Response("too many connections to this project", { status: 429, headers: { "Retry-After": "30" } });
    const source = this.#tools.sourceOf(watcher);
    await this.#watch(source);
    const { seq, gap } = await source.changes(watcher.since, 0);
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    if (gap) server.close(CLOSE.gap.code, CLOSE.gap.reason);
    else {
      server.serializeAttachment({ ...watcher, since: watcher.since ?? seq } satisfies Watcher);
      await this.ctx.storage.setAlarm(this.#tools.clock.toRealTime(this.#tools.clock.now() + LOOK_EVERY_MS));
      await this.#tell();
    }
    const protocol = request.headers.get("X-Apex-Protocol");
    return new Response(null, { status: 101, webSocket: client, headers: protocol === null ? {} : { "Sec-WebSocket-Protocol": protocol } });
  }

  /** Something has changed, or may have. */
  async poke(): Promise<void> {
    if (this.ctx.getWebSockets().length > 0) await this.#tell();
  }

  override async alarm(): Promise<void> {
    if (this.ctx.getWebSockets().length === 0) return;
    await this.ctx.storage.setAlarm(this.#tools.clock.toRealTime(this.#tools.clock.now() + LOOK_EVERY_MS));
    await this.#tell();
  }

  override webSocketMessage(socket: WebSocket): void {
    socket.close(CLOSE.unheard.code, CLOSE.unheard.reason);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // 1005 and 1006 say that there was none, and may not be sent (RFC 6455, section 7.4.1).
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }

  async #watch(source: LiveSource): Promise<void> {
    const now = this.#tools.clock.now();
    if (now < this.#watchedUntil) return;
    await source.watch(REMEMBER_MS);
    this.#watchedUntil = now + RENEW_EVERY_MS;
  }

  /** One round at a time, and a rest; what changes meanwhile is taken along by another. */
  async #tell(): Promise<void> {
    this.#again = true;
    this.#telling ??= (async () => {
      try {
        while (this.#again) {
          const restMs = this.#restsUntil - Date.now();
          if (restMs > 0) await sleep(restMs);
          this.#again = false;
          await this.#round();
          this.#restsUntil = Date.now() + REST_MS;
        }
      } catch (error) {
        // The next look makes it good: nobody's number has moved.
        log.error("watchers not told", { error: describeError(error) });
      } finally {
        this.#telling = null;
      }
    })();
    await this.#telling;
  }

  async #round(): Promise<void> {
    const now = this.#tools.clock.now();
    const open = this.ctx.getWebSockets().flatMap((socket) => {
      const watcher = watcherOf(socket);
      if (watcher !== null && watcher.expires_at > now) return [{ socket, watcher }];
      if (watcher !== null) socket.close(CLOSE.expired.code, CLOSE.expired.reason);
      return [];
    });
    const [first] = open;
    if (!first) return;
    const source = this.#tools.sourceOf(first.watcher);
    await this.#watch(source);
    const least = Math.min(...open.map(({ watcher }) => watcher.since ?? 0));
    const { changes, gap } = await source.changes(least, CHANGES_A_STEP);
    if (gap) {
      for (const { socket } of open) socket.close(CLOSE.gap.code, CLOSE.gap.reason);
      return;
    }
    const last = changes.at(-1);
    if (!last) return;
    const events = (await source.events(changes)).map((event) => ({ event, text: JSON.stringify(event) }));
    for (const { socket, watcher } of open) {
      // Whoever left while we asked is not to be told, and those behind them are.
      if (socket.readyState !== WebSocket.READY_STATE_OPEN) continue;
      for (const { event, text } of events) if (event.seq > (watcher.since ?? 0) && watcher.kinds.includes(event.kind)) socket.send(text);
      socket.serializeAttachment({ ...watcher, since: Math.max(watcher.since ?? 0, last.seq) } satisfies Watcher);
    }
    this.#again ||= changes.length === CHANGES_A_STEP;
  }
}
