import path from "node:path";
import { build, preview } from "vite";
import { ROOT } from "./wrangler.ts";

export interface Dashboard {
  /** Without a slash at its end. */
  url: string;
  close: () => Promise<void>;
}

const root = path.join(ROOT, "dashboard");
const shared = { root, configFile: path.join(root, "vite.config.ts"), logLevel: "silent" } as const;

/**
 * Builds the dashboard as it is deployed, whatever this process is: a test runner's NODE_ENV would have it made for developers, at twice the
 * size. Some seconds.
 * @param outDir absolute; a folder of the caller's, since two may build at once
 */
export const buildDashboard = async (outDir: string): Promise<void> => {
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    await build({ ...shared, build: { outDir, emptyOutDir: true } });
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
};

/** A built dashboard before a Worker of this machine: `/api` is led to the Worker, WebSockets too, as the Pages function does it in production. */
export const serveDashboard = async ({ port, api, outDir }: { port: number; api: string; outDir: string }): Promise<Dashboard> => {
  // Vite answers by the name it listens on: browsers send a "Secure" cookie over http to localhost only.
  const server = await preview({ ...shared, build: { outDir }, preview: { port, strictPort: true, host: "localhost", proxy: { "/api": { target: api, ws: true } } } });
  return { url: `http://localhost:${port}`, close: async () => server.close() };
};
