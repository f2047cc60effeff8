import { describe, expect, it } from "vitest";
import { canonicalUrl } from "./canonical-url.ts";

describe("a listing's address", () => {
  it.each([
    ["tracking", "https://jobs.test/l/1?utm_source=mail&fbclid=x&page=2", "https://jobs.test/l/1?page=2"],
    ["the host's case and the port that goes without saying", "HTTPS://Jobs.Test:443/L/1", "https://jobs.test/L/1"],
    ["a slash at the end, or two within", "http://jobs.test//l/1/", "https://jobs.test/l/1"],
    ["a phone's host", "https://m.jobs.test/l/1", "https://jobs.test/l/1"],
    ["www, and a dot that closes the name", "https://www.jobs.test./l/1", "https://jobs.test/l/1"],
    ["a fragment", "https://jobs.test/l/1#photos", "https://jobs.test/l/1"],
    ["where the reader came from", "https://jobs.test/l/1?ref=home&from=search", "https://jobs.test/l/1"],
    ["the order of parameters, and empty ones", "https://jobs.test/l?b=2&a=1&c=", "https://jobs.test/l?a=1&b=2"],
    ["an encoding that nothing needed", "https://jobs.test/%6c/caf%c3%a9", "https://jobs.test/l/caf%C3%A9"],
    ["the name of an index page", "https://jobs.test/l/index.html", "https://jobs.test/l"],
  ])("is the same without %s", (_, address, name) => {
    expect(canonicalUrl(address)).toBe(name);
    expect(canonicalUrl(name)).toBe(name);
  });

  it.each([
    ["https://jobs.test/l?id=1", "https://jobs.test/l?id=2"],
    ["https://jobs.test/l/1", "https://other.test/l/1"],
    ["https://jobs.test/l/Ab", "https://jobs.test/l/aB"],
    ["https://jobs.test/#/l/1", "https://jobs.test/#/l/2"],
    ["https://jobs.test:8080/l", "https://jobs.test/l"],
    ["https://jobs.test/l?ref=81723", "https://jobs.test/l?ref=81724"],
    ["https://m.nz/l", "https://nz/l"],
  ])("tells %s from %s", (a, b) => {
    expect(canonicalUrl(a)).not.toBe(canonicalUrl(b));
  });

  it.each(["", "jobs.test/l", "javascript:alert(1)", "mailto:a@b.nz", "ftp://jobs.test/"])("is none for %j", (address) => {
    expect(canonicalUrl(address)).toBeNull();
  });
});
