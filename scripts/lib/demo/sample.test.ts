import { expect, it } from "vitest";
import { SITE_NAMES } from "../../../sandbox/websites/index.ts";
import { sampleLink } from "./sample.ts";

it("the link leads to a form that is filled in with a website which the sandbox has", () => {
  const link = new URL(sampleLink({ dashboardUrl: "http://localhost:8788", sandboxUrl: "http://127.0.0.1:8790" }));
  expect([link.origin, link.pathname, link.searchParams.get("new")]).toEqual(["http://localhost:8788", "/sign-in", "true"]);
  const form = new URL(link.searchParams.get("to") ?? "", link);
  expect(form.pathname).toBe("/new");
  const values = Object.fromEntries(form.searchParams);
  expect(Object.values(values)).not.toContain("");
  expect(Object.keys(values).toSorted()).toEqual(["country", "customer", "name", "niche", "phone", "website"]);
  expect(SITE_NAMES).toContain(/\/sites\/([^/]+)\//.exec(values["website"] ?? "")?.[1]);
});
