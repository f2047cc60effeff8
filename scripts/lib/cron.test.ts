import { once } from "node:events";
import { createServer } from "node:http";
import { expect, it, vi } from "vitest";
import { startCron } from "./cron.ts";

it("calls the cron handler again and again, never twice at once, and tells of a failure once", async () => {
  const outcomes = ["ok", "exception", "exception", "ok", "ok"];
  let calls = 0;
  let open = 0;
  let mostOpen = 0;
  const paths = new Set<string>();
  const server = createServer((request, response) => {
    paths.add(request.url ?? "");
    const outcome = outcomes[calls++] ?? "ok";
    mostOpen = Math.max(mostOpen, ++open);
    // Longer than the interval: a second call would overlap.
    setTimeout(() => {
      open--;
      response.end(JSON.stringify({ outcome }));
    }, 20);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const log: string[] = [];
  const stop = startCron({ url: `http://127.0.0.1:${port}`, intervalMs: 1, log: (line) => log.push(line) });
  await vi.waitUntil(() => calls > outcomes.length, { timeout: 10_000 });
  stop();
  server.close();
  expect(mostOpen).toBe(1);
  expect([...paths]).toEqual(["/cdn-cgi/local/scheduled?cron=*+*+*+*+*&format=json"]);
  expect(log).toEqual(['cron: failed: 200 {"outcome":"exception"}', "cron: works again"]);
});
