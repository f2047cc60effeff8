import { describe, expect, it } from "vitest";
import { readSettings } from "./env.ts";

const PRODUCTION = { APEX_JWT_SECRET: "a-secret-of-sixteen-or-more", APEX_KMS_KEY: "a-key-of-sixteen-or-more-letters", PUBLIC_API_URL: "https://oc.api.apex.example/" };

describe("the settings", () => {
  it("are production's unless they say otherwise, with names looked up and nobody allowed in by default", () => {
    expect(readSettings(PRODUCTION)).toMatchObject({ APEX_ENV: "production", PUBLIC_API_URL: "https://oc.api.apex.example", DOH_URL: "https://cloudflare-dns.com/dns-query", EGRESS_ALLOW_HOSTS: "", DASHBOARD_ORIGINS: [] });
    expect(readSettings(PRODUCTION).APEX_OPERATOR_SECRET).toBeUndefined();
  });

  it.each([{ EGRESS_ALLOW_HOSTS: "127.0.0.1:9444" }, { DOH_URL: "off" }, { APEX_CLOCK_OFFSET_S: "60" }])("refuse in production what is for local use only: %j", (more) => {
    expect(() => readSettings({ ...PRODUCTION, ...more })).toThrow(`${Object.keys(more)[0] ?? ""} is for local use only`);
    expect(readSettings({ ...PRODUCTION, ...more, APEX_ENV: "local" }).APEX_ENV).toBe("local");
  });

  it("refuse in production a pace that OpenStreetMap's services would refuse", () => {
    expect(() => readSettings({ ...PRODUCTION, OSM_INTERVAL_MS: "999" })).toThrow("OSM_INTERVAL_MS");
    expect(readSettings({ ...PRODUCTION, OSM_INTERVAL_MS: "999", APEX_ENV: "local" }).OSM_INTERVAL_MS).toBe(999);
  });

  it.each([["APEX_OPERATOR_SECRET", "short"], ["DOH_URL", "ftp://dns.example"], ["TWILIO_CALLS_PER_SECOND", "-1"], ["APEX_RELEASE", "a release"]])("name %s when it is wrong, and not what it holds", (name, value) => {
    expect(() => readSettings({ ...PRODUCTION, [name]: value })).toThrow(name);
    if (name === "APEX_OPERATOR_SECRET") expect(() => readSettings({ ...PRODUCTION, [name]: value })).not.toThrow(value);
  });

  it("serve no pages until they are told below which name, which must not be the API's own", () => {
    expect(readSettings(PRODUCTION).PAGES_HOST_SUFFIX).toBe("");
    expect(readSettings({ ...PRODUCTION, PAGES_HOST_SUFFIX: "apex-pages.example" }).PAGES_HOST_SUFFIX).toBe("apex-pages.example");
    expect(readSettings({ APEX_ENV: "local" }).PAGES_HOST_SUFFIX).toBe("pages.localhost");
    for (const PAGES_HOST_SUFFIX of ["apex.example", "oc.api.apex.example", "Not a name", "https://x.example"]) expect(() => readSettings({ ...PRODUCTION, PAGES_HOST_SUFFIX })).toThrow("PAGES_HOST_SUFFIX");
  });

  it("take the list of regions, and refuse one that is none", () => {
    expect([...readSettings({ ...PRODUCTION, APEX_REGIONS: "oc=https://oc.api.example/, weur=https://weur.api.example" }).APEX_REGIONS]).toEqual([["oc", "https://oc.api.example"], ["weur", "https://weur.api.example"]]);
    for (const APEX_REGIONS of ["oc", "oc=ftp://x", "OC=https://x.example", "oc=https://a.example weur=https://b.example"]) expect(() => readSettings({ ...PRODUCTION, APEX_REGIONS })).toThrow("APEX_REGIONS");
  });

  it("take a list of origins, without slashes at their ends", () => {
    expect(readSettings({ ...PRODUCTION, DASHBOARD_ORIGINS: "https://a.example/, http://localhost:5173" }).DASHBOARD_ORIGINS).toEqual(["https://a.example", "http://localhost:5173"]);
  });
});
