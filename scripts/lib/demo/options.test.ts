import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { freePort } from "../ports.ts";
import { StartError } from "../worker-process.ts";
import { flagsOf, readStartOptions, requireFreePorts, stateDirOf } from "./options.ts";

describe("the flags of npm start", () => {
  it("are all optional", () => {
    expect(readStartOptions([])).toEqual({ port: 8787, dashboardPort: 8788, sandboxPort: 8790, once: false, fresh: false });
    expect(readStartOptions(["--once", "--fresh", "--port", "9000", "--sandbox-port=9001", "--dashboard-port=9002"])).toEqual({ port: 9000, dashboardPort: 9002, sandboxPort: 9001, once: true, fresh: true });
    expect(readStartOptions(["--help"])).toBe("help");
  });

  it.each([[["--port", "0"]], [["--port", "65536"]], [["--port", "80a"]], [["--port="]], [["--sandbox-port", "-1"]], [["--port", "9000", "--sandbox-port", "9000"]], [["--port", "8788"]]])("refuse %j", (args) => {
    expect(() => readStartOptions(args)).toThrow();
  });

  it("refuse what they do not know", () => {
    expect(() => readStartOptions(["--prot", "1"])).toThrow("--prot");
    expect(() => readStartOptions(["9000"])).toThrow();
  });

  it("can be repeated to get the same demo again", () => {
    expect(flagsOf({ port: 8787, dashboardPort: 8788, sandboxPort: 8790 })).toBe("");
    expect(flagsOf({ port: 9000, dashboardPort: 8788, sandboxPort: 8790 })).toBe(" -- --port 9000");
    expect(flagsOf({ port: 9000, dashboardPort: 9002, sandboxPort: 9001 })).toBe(" -- --port 9000 --dashboard-port 9002 --sandbox-port 9001");
  });
});

it("demos on different ports keep their data apart, and from npm run dev", () => {
  expect([stateDirOf({ port: 8787 }), stateDirOf({ port: 9000 })]).toEqual([".wrangler/demo", ".wrangler/demo-9000"]);
});

it("a busy port is told together with the flag that avoids it", async () => {
  const port = await freePort();
  const [dashboardPort, sandboxPort] = [await freePort(), await freePort()];
  await requireFreePorts({ port, dashboardPort, sandboxPort });
  const server = createServer().listen(sandboxPort, "127.0.0.1");
  await once(server, "listening");
  const refusal = requireFreePorts({ port, dashboardPort, sandboxPort });
  await expect(refusal).rejects.toThrow(StartError);
  await expect(refusal).rejects.toThrow(`Port ${sandboxPort} (the sandbox) is in use. Stop what listens there, or choose another: npm start -- --sandbox-port N`);
  server.close();
});
