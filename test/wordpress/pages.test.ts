import { rmSync } from "node:fs";
import path from "node:path";
import { expect, it, onTestFailed } from "vitest";
import { stateDirOf } from "../../scripts/lib/demo/options.ts";
import { fetchPage } from "../../scripts/lib/pages/fetch-page.ts";
import { bareAddress, readPage } from "../../scripts/lib/pages/read-page.ts";
import { mistakesIn, mistakesInDocument } from "../../scripts/lib/pages/valid-html.ts";
import { freePort } from "../../scripts/lib/ports.ts";
import { startProcess } from "../../scripts/lib/processes.ts";
import { ROOT } from "../../scripts/lib/wrangler.ts";

/* `npm run pages -- --wordpress`, as anybody types it. What it says of itself is not believed: each address is fetched and looked at here. */

const ENOUGH = 12;
const UP = "The pages stay up until Ctrl-C.";
const STOP_MS = 60_000;

const startCommand = async () => {
  const [port, sandboxPort, dashboardPort] = [await freePort(), await freePort(), await freePort()];
  const lines: string[] = [];
  let isUp = (): void => undefined;
  const up = new Promise<void>((resolve) => {
    isUp = resolve;
  });
  const command = startProcess({
    command: process.execPath,
    args: ["--import", "./scripts/node-version.mjs", "scripts/pages.ts", "--wordpress", ...Object.entries({ port, "sandbox-port": sandboxPort, "dashboard-port": dashboardPort }).flatMap(([flag, value]) => [`--${flag}`, String(value)])],
    cwd: ROOT,
    env: process.env,
    onLine: (line) => {
      lines.push(line);
      if (line === UP) isUp();
    },
  });
  const ended = command.exited.then(() => Promise.reject(new Error(`It ended before the pages were up:\n${lines.slice(-40).join("\n")}`)));
  const stop = async (): Promise<void> => {
    ended.catch(() => undefined);
    await command.stop(STOP_MS);
    rmSync(path.join(ROOT, `${stateDirOf({ port })}-wordpress`), { recursive: true, force: true });
  };
  return { port, lines, up: Promise.race([up, ended]), stop };
};

/** What is wrong with one page among its site's, as the world sees it. */
const lookAt = async (url: string, site: readonly string[]): Promise<string[]> => {
  const { status, type, body } = await fetchPage(url);
  if (status !== 200 || !type.startsWith("text/html")) return [`answers ${status} ${type}`];
  const { framed, title, h1, json_ld, links } = readPage(body, url);
  const types = json_ld.map((node) => (typeof node === "object" && node !== null && "@type" in node ? String(node["@type"]) : "none"));
  const others = site.filter((one) => one !== url).map(bareAddress);
  return [
    ...(framed === null ? await mistakesInDocument(body) : await mistakesIn({ title, h1, body_html: framed })),
    ...(["Plumber", "Service"].some((wanted) => types.includes(wanted)) && !types.includes("none") ? [] : [`JSON-LD of ${types.join(", ")}`]),
    ...(links.some((link) => others.includes(link)) ? [] : ["links to no other page"]),
    ...(body.includes("data-source") ? ["shows the marks of its sources"] : []),
  ];
};

it("one command takes the demo business to live pages on the hosted target and on a real WordPress, and says what each rests on", { timeout: 2 * 3_600_000 }, async () => {
  const { port, lines, up, stop } = await startCommand();
  onTestFailed(() => console.error(lines.join("\n")));
  try {
    await up;
    const addresses = lines.flatMap((line) => /^ {4}(https?:\/\/\S+)$/.exec(line)?.[1] ?? []);
    const hosted = addresses.filter((address) => new URL(address).host.endsWith(`.pages.localhost:${port}`));
    const wordpress = addresses.filter((address) => !hosted.includes(address));
    expect(hosted.length).toBeGreaterThanOrEqual(ENOUGH);
    expect(wordpress.length).toBe(hosted.length);
    for (const site of [hosted, wordpress]) for (const url of site) expect([url, await lookAt(url, site)]).toEqual([url, []]);
    // The same page in both places, and the hosted one names the business's own site as the original.
    for (const url of hosted) {
      const original = /<link rel="canonical" href="([^"]+)">/.exec((await fetchPage(url)).body)?.[1];
      expect(wordpress.map(bareAddress)).toContain(bareAddress(original ?? ""));
    }
    const pages = lines.flatMap((line, at) => (/, score \d+, \d+ words$/.test(line) ? [lines.slice(at + 1, at + 8)] : []));
    expect(pages.length).toBe(hosted.length);
    expect(pages.filter((below) => !below.some((line) => /^ {4}(?:anchor|question|passage|dna)\s+\S/.test(line)))).toEqual([]);
  } finally {
    await stop();
  }
});
