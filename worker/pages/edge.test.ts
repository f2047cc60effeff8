import { describe, expect, it } from "vitest";
import { readSettings } from "../env.ts";
import { createOriginOf, servesPages } from "./edge.ts";

const PRODUCTION = { APEX_JWT_SECRET: "a-secret-of-sixteen-or-more", APEX_KMS_KEY: "a-key-of-sixteen-or-more-letters", PUBLIC_API_URL: "https://oc.api.apex.example", PAGES_HOST_SUFFIX: "apex-pages.example", DASHBOARD_ORIGINS: "https://app.apex.example", API_HOSTS: "apex-oc.workers.example" };
const serves = (host: string, given: object = PRODUCTION): boolean => servesPages(readSettings(given), new URL(`https://${host}/api/projects`));

describe("a request", () => {
  it.each(["harbour.apex-pages.example", "HARBOUR.apex-pages.example.", "plumber.example", "apex-pages.example", "evil-oc.api.apex.example", "x.app.apex.example"])("to %s is for somebody's pages", (host) => {
    expect(serves(host)).toBe(true);
  });
  it.each(["oc.api.apex.example", "oc.api.apex.example:8443", "app.apex.example", "apex-oc.workers.example", "127.0.0.1:8787", "[::1]:8787", "localhost"])("to %s is for the API", (host) => {
    expect(serves(host)).toBe(false);
  });
  it("is for the API whatever the host where no pages are served", () => {
    expect(serves("anything.example", { ...PRODUCTION, PAGES_HOST_SUFFIX: "" })).toBe(false);
  });
});

it("pages live at https, on a developer's machine where the Worker answers", () => {
  expect(createOriginOf(readSettings(PRODUCTION))("a.example")).toBe("https://a.example");
  expect(createOriginOf(readSettings({ APEX_ENV: "local", PUBLIC_API_URL: "http://127.0.0.1:9000" }))("a.pages.localhost")).toBe("http://a.pages.localhost:9000");
});
