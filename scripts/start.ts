import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { runMain } from "./lib/command-line.ts";
import { openState, readAccount, writePrivately } from "./lib/demo/account.ts";
import { ApiError, createApi } from "./lib/demo/api.ts";
import { newForm, openBusiness } from "./lib/demo/business.ts";
import { renderHints } from "./lib/demo/hints.ts";
import { type DemoHouse, isOurPolling, openHouse } from "./lib/demo/house.ts";
import { flagsOf, readStartOptions, requireFreePorts, type StartOptions, stateDirOf, USAGE } from "./lib/demo/options.ts";
import { sampleLink } from "./lib/demo/sample.ts";
import { type Screen, showCall, showLeadsToCome } from "./lib/demo/show-call.ts";
import { hang, paintFor } from "./lib/demo/text.ts";
import { stopWithUs } from "./lib/shutdown.ts";
import { StartError } from "./lib/worker-process.ts";
import { ROOT } from "./lib/wrangler.ts";

const screen: Screen = {
  print: (text) => console.log(text),
  paint: paintFor(process.stdout, process.env),
  width: Math.min(process.stdout.isTTY ? process.stdout.columns : 120, 140),
};
const { print, paint } = screen;
const DEMO_KEY_MS = 7 * 86_400_000;

const profileSchema = z.object({ modules: z.object({ lead_gen: z.object({ sales_bridge: z.object({ destinations: z.array(z.object({ name: z.string(), phone: z.string() })) }) }) }) });

/** The demo's DNA, and whom it says to ring first. */
const readProfile = () => {
  const yaml = readFileSync(path.join(ROOT, "profiles/demo.yaml"), "utf8");
  return { yaml, owner: profileSchema.safeParse(parse(yaml)).data?.modules.lead_gen.sales_bridge.destinations[0] ?? null };
};

/** Shows the first lead and, unless it is to end then, all that follow. @returns whether the first one was analysed */
const demonstrate = async (options: StartOptions, { sandbox, worker, dashboard, logFile }: DemoHouse, { accountFile, stateDir }: { accountFile: string; stateDir: string }): Promise<boolean> => {
  const api = createApi(worker.url);
  const profile = readProfile();
  const account = readAccount(accountFile);
  if (account === null) throw new StartError(`${accountFile} was removed while we started. Please start again.`);
  const business = await openBusiness({ api, account, accountFile, dna: profile.yaml });
  // For the commands to try: an access token would not outlast the reading of them.
  const key = await api.createKey({ name: "npm start", scopes: await api.scopes(), expires_at: new Date(Date.now() + DEMO_KEY_MS).toISOString() });
  writePrivately(path.join(stateDir, "token"), key);
  const row = (label: string, text: string): void => hang(`  ${label.padEnd(11)}`, text, screen.width).forEach((line) => print(line));
  row("Sandbox", `${sandbox.url} (stands in for Twilio, Gemini and the mail service)`);
  row("Worker", `${worker.url} (its log: ${path.relative(ROOT, logFile)})`);
  if (dashboard !== null) row("Dashboard", `${dashboard.url} (sign in as ${business.account.email}, password ${business.account.password})`);
  row("Business", `${business.name} (${business.project_id})${profile.owner === null ? "" : `; leads ring ${profile.owner.name} at ${profile.owner.phone}`}`);

  print(`\n${paint("strong", "A customer submits the form on the business's website")}\n`);
  const form = newForm();
  const { lead_id } = await api.submitForm(business.webhooks.wordpress, form);
  const show = async (lead: { leadId: string; form: string }) => showCall({ api, sandbox, screen, logFile: path.relative(process.cwd(), logFile) }, lead);
  const outcome = await show({ leadId: lead_id, form: `${form["your-name"] ?? ""}, ${form["your-phone"] ?? ""}: “${form["your-message"] ?? ""}”` });
  if (options.once) return outcome.kind === "analysed";

  const here = path.relative(process.cwd(), stateDir);
  print(`\n${renderHints({ url: worker.url, sandboxUrl: sandbox.url, wordpress: business.webhooks.wordpress, callId: outcome.call?.id ?? null, leadId: lead_id, ownerPhone: profile.owner?.phone ?? null, stateDir: here, sampleLink: dashboard && sampleLink({ dashboardUrl: dashboard.url, sandboxUrl: sandbox.url }), flags: flagsOf(options) }, paint)}`);
  return showLeadsToCome(show, { api, projectId: business.project_id, print });
};

const main = async (): Promise<void> => {
  const options = readStartOptions(process.argv.slice(2));
  if (options === "help") {
    print(USAGE);
    return;
  }
  await requireFreePorts(options);
  const stateDir = path.join(ROOT, stateDirOf(options));
  const { account, accountFile } = openState(stateDir, options);

  const shutdown = stopWithUs();
  print(`${paint("strong", "Apex")}: a form becomes a conversation. Starting (some seconds) …\n`);
  const house = await openHouse({ ...options, dashboardPort: options.once ? null : options.dashboardPort }, { account, stateDir, shutdown });
  let ending = false;
  const died = house.worker.exited.then(({ code, signal }): never | Promise<never> => {
    if (ending || shutdown.hasBegun()) return new Promise<never>(() => undefined);
    throw new StartError(`The Worker ended by itself (${signal ?? `exit code ${code ?? "unknown"}`}). Its last words:\n${house.worker.output().split("\n").filter((line) => !isOurPolling(line)).slice(-15).join("\n")}\nAll of its log: ${path.relative(process.cwd(), house.logFile)}`);
  });
  try {
    const shown = await Promise.race([demonstrate(options, house, { accountFile, stateDir }), died]);
    process.exitCode = shown ? 0 : 1;
  } catch (error) {
    // Ctrl-C takes the Worker from under a request; that is no news.
    if (shutdown.hasBegun()) return;
    throw error instanceof ApiError ? new StartError(`${error.message}\nWhat the Worker says to it is in ${path.relative(process.cwd(), house.logFile)}. With --fresh, the demo begins anew.`) : error;
  } finally {
    ending = true;
    if (!shutdown.hasBegun()) await house.stop();
  }
  process.exit();
};

void runMain(main);
