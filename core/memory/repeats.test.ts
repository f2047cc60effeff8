import { describe, expect, it } from "vitest";
import { business, ended, MINUTE_MS } from "./leads.testing.ts";

/** A business whose clock the test moves. */
const house = async () => {
  let now = Date.parse("2026-11-10T22:00:00Z");
  const { store, projectOf, submit } = await business(() => now);
  const project = await projectOf();
  return {
    submit: async (person = "Jo", options: { ring?: boolean } = {}) => submit(project, person, options),
    end: async ({ call_id, lead_id }: { call_id: string | null; lead_id: string }) => store.calls.project(call_id ?? "", lead_id, ended(1), null),
    pass: (ms: number) => void (now += ms),
  };
};

describe("a form that is sent again", () => {
  it("within the window is a duplicate, whether or not the first one's call is over", async () => {
    const { submit, end, pass } = await house();
    const first = await submit();
    pass(MINUTE_MS);
    expect((await submit()).accepted).toEqual({ outcome: "duplicate", lead_id: first.lead_id });
    await end(first);
    expect((await submit()).accepted).toEqual({ outcome: "duplicate", lead_id: first.lead_id });
  });

  it("after the window is one as long as we are about to call, and a new request once that call is over", async () => {
    const { submit, end, pass } = await house();
    const first = await submit();
    pass(11 * MINUTE_MS);
    expect((await submit()).accepted).toEqual({ outcome: "duplicate", lead_id: first.lead_id });
    expect((await submit("somebody else")).accepted).toMatchObject({ outcome: "accepted" });
    await end(first);
    expect((await submit()).accepted).toMatchObject({ outcome: "accepted" });
  });

  it("after the window is a new request where nobody is about to call", async () => {
    const { submit, pass } = await house();
    await submit("Jo", { ring: false });
    pass(11 * MINUTE_MS);
    expect((await submit("Jo", { ring: false })).accepted).toMatchObject({ outcome: "accepted" });
  });
});
