import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { applyEvent, type LiveEvent } from "./live.ts";

const ended: LiveEvent = { seq: 2, at: "2026-11-26T08:00:00.000Z", kind: "run", id: "run_1", project_id: "acme", data: { id: "run_1", status: "succeeded" } };

it("an answer that was on its way when something newer was told is asked for again", async () => {
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const answers: ((status: string) => void)[] = [];
  const queryFn = async (): Promise<{ status: string }> => new Promise((resolve) => answers.push((status) => resolve({ status })));
  const observer = new QueryObserver(cache, { queryKey: ["runs", "one", "run_1"], queryFn });
  const stop = observer.subscribe(() => undefined);
  applyEvent(cache, ended);
  await vi.waitUntil(() => answers.length === 2);
  answers[0]?.("queued");
  answers[1]?.("succeeded");
  await vi.waitUntil(() => observer.getCurrentResult().data !== undefined);
  expect(observer.getCurrentResult().data).toEqual({ status: "succeeded" });
  stop();
});

it("what is there already is changed at once, without asking", () => {
  const cache = new QueryClient();
  cache.setQueryData(["runs", "one", "run_1"], { id: "run_1", status: "running", children: ["run_2"] });
  applyEvent(cache, ended);
  expect(cache.getQueryData(["runs", "one", "run_1"])).toEqual({ id: "run_1", status: "succeeded", children: ["run_2"] });
});
