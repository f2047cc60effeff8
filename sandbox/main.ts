import { parseArgs } from "node:util";
import { DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN, startSandbox } from "./index.ts";

const USAGE = `Stand-ins for Twilio, Gemini and Resend on one local port.
  node sandbox/main.ts [--port 8790] [--host 127.0.0.1] [--speed 1] [--quiet] [--account SID:TOKEN]...
Environment: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN (the first account that is taken). See sandbox/README.md.`;

function fail(message: string): never {
  console.error(`sandbox: ${message}`);
  process.exit(1);
}

function options(): { port: string; host: string; speed: string; quiet: boolean; help: boolean; account: string[] } {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: "8790" },
        host: { type: "string", default: "127.0.0.1" },
        speed: { type: "string", default: "1" },
        quiet: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        account: { type: "string", multiple: true, default: [] },
      },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** An empty variable is as good as none. */
function fromEnvironment(name: string, otherwise: string): string {
  const value = process.env[name];
  return value === undefined || value === "" ? otherwise : value;
}

const { port, host, speed, quiet, help, account } = options();
if (help) {
  console.log(USAGE);
  process.exit(0);
}
if (!/^\d+$/.test(port) || Number(port) > 65_535) fail(`--port ${port} is not a port`);
if (!(Number(speed) >= 0)) fail(`--speed ${speed} is not a number from 0 up`);

const accountSid = fromEnvironment("TWILIO_ACCOUNT_SID", DEFAULT_ACCOUNT_SID);
const accounts: Record<string, string> = { [accountSid]: fromEnvironment("TWILIO_AUTH_TOKEN", DEFAULT_AUTH_TOKEN) };
for (const further of account) {
  const [, sid, token] = /^([^:]+):(.+)$/.exec(further) ?? [];
  if (sid === undefined || token === undefined) fail("--account wants SID:TOKEN");
  accounts[sid] = token;
}
const sandbox = await startSandbox({ port: Number(port), host, speed: Number(speed), quiet, accounts }).catch((error: unknown) => {
  const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  return fail(taken ? `port ${port} is in use; choose another with --port` : String(error));
});
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void sandbox.close().then(() => process.exit(0));
  });
}
console.log(`sandbox: Twilio, Gemini and Resend stand in at ${sandbox.url} (account ${accountSid}, speed ${speed}${quiet ? ", quiet" : ""})`);
