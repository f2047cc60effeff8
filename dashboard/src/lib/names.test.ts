import { expect, it } from "vitest";
import { jobName, sourceName } from "./names.ts";

it.each([
  [{ task: "lead_gen_manager", action: "hunt_sniper" }, "Hunt"],
  [{ task: "context_sync", action: "follow" }, "Learn from the DNA"],
  [{ task: "write_pages", action: null }, "Write pages"],
  [{ task: "manager", action: "pause" }, "Pages · pause"],
  [{ task: "made_up", action: "no_name" }, "made up · no name"],
  [{ task: "constructor", action: null }, "constructor"],
])("the job %j is called %s", (job, name) => expect(jobName(job)).toBe(name));

it.each([["wordpress", "Website"], ["sniper", "Hunt"], ["radio_spot", "radio spot"]])("the source %s is called %s", (source, name) => expect(sourceName(source)).toBe(name));
