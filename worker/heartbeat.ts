import { describeError } from "../core/errors.ts";
import { logger } from "../core/log.ts";
import type { Services } from "./services.ts";

const log = logger("heartbeat");

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 64 * 1024;

/**
 * Asks the address that is missed when nobody asks it (`HEARTBEAT_URL`), at most for ten seconds. It never throws: whoever waits there
 * says that it did not come.
 */
export const sayAlive = async ({ settings, egress }: Pick<Services, "settings" | "egress">): Promise<void> => {
  if (settings.HEARTBEAT_URL === undefined) return;
  try {
    const { status } = await egress.fetch({ url: settings.HEARTBEAT_URL, maxBytes: MOST_BYTES, timeoutMs: TIMEOUT_MS, maxRedirects: 2 });
    if (status >= 400) log.warn("heartbeat refused", { status });
  } catch (error) {
    log.warn("heartbeat not taken", { error: describeError(error) });
  }
};
