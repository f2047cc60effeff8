import { randomBytes } from "node:crypto";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runMain } from "./lib/command-line.ts";
import { accountFileOf, openState, readAccount } from "./lib/demo/account.ts";
import { type Api, createApi } from "./lib/demo/api.ts";
import { newForm, signInAs } from "./lib/demo/business.ts";
import { openHouse } from "./lib/demo/house.ts";
import { stateDirOf } from "./lib/demo/options.ts";
import { type Screen, showCall } from "./lib/demo/show-call.ts";
import { paintFor } from "./lib/demo/text.ts";
import { followRun, renderResult, resultSchema } from "./lib/onboard/follow.ts";
import { type OnboardOptions, projectIdFor, readOnboardOptions, USAGE } from "./lib/onboard/options.ts";
import { stopWithUs } from "./lib/shutdown.ts";
import { StartError } from "./lib/worker-process.ts";
import { ROOT } from "./lib/wrangler.ts";

const PATIENCE_MS = 5 * 60_000;
const screen: Screen = { print: (text) => console.log(text), paint: paintFor(process.stdout, process.env), width: Math.min(process.stdout.isTTY ? process.stdout.columns : 120, 140) };
const { print, paint } = screen;

const answers = async (url: string): Promise<boolean> => fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) }).then(async (response) => response.arrayBuffer().then(() => true), () => false);

/** Somebody else's service is entered with a token; the local demo with its account. */
const enter = async (url: string, accountFile: string): Promise<Api> => {
  const api = createApi(url);
  const token = process.env["APEX_TOKEN"] ?? "";
  if (token !== "") api.useToken(token);
  else {
    const account = readAccount(accountFile);
    if (account === null) throw new StartError(`Apex answers on ${url}, but it is not the demo of this folder. Put a token into APEX_TOKEN.`);
    await signInAs({ api, account, accountFile });
  }
  return api;
};

const onboard = async (api: Api, { params, projectId }: OnboardOptions): Promise<{ projectId: string; live: boolean }> => {
  const project_id = projectId ?? projectIdFor(params.business_name, randomBytes(3).toString("hex"));
  print(`${paint("strong", params.business_name)} (${params.niche}, ${params.country}) becomes ${project_id}${params.website === undefined ? "" : `; reading ${params.website}`}\n`);
  const { run_id } = await api.startRun({ task: "onboarding", project_id, params });
  const endsAt = performance.now() + PATIENCE_MS;
  const run = await followRun({ look: async () => api.run(run_id), onStep: ({ done, total, label }) => print(`  ${paint("quiet", `${done}/${total}`)}  ${label}`), sleep, isLate: () => performance.now() > endsAt });
  if (run.status !== "succeeded") throw new StartError(`Onboarding ${run.status === "failed" || run.status === "dead" ? "failed" : "is not over yet"}${run.error === null ? "" : `: ${run.error.message} (${run.error.code})`}\nIts run is ${run_id}: GET /api/runs/${run_id}, and POST /api/runs/${run_id}/retry once what is wrong has been mended.`);
  const result = resultSchema.parse(run.result);
  for (const line of renderResult(result, screen)) print(line);
  return { projectId: result.project_id, live: result.live ?? true };
};

const main = async (): Promise<void> => {
  const options = readOnboardOptions(process.argv.slice(2));
  if (options === "help") {
    print(USAGE);
    return;
  }
  const stateDir = path.join(ROOT, stateDirOf(options));
  const accountFile = accountFileOf(stateDir);
  const url = options.url ?? `http://127.0.0.1:${options.port}`;
  const running = await answers(url);
  if (!running && options.url !== undefined) throw new StartError(`Nothing answers on ${url}.`);

  let house: Awaited<ReturnType<typeof openHouse>> | null = null;
  if (!running) {
    print("Nothing answers yet: starting Apex and the sandbox (some seconds) …\n");
    const { account } = openState(stateDir, { fresh: false });
    house = await openHouse({ port: options.port, dashboardPort: null, sandboxPort: options.sandboxPort }, { account, stateDir, shutdown: stopWithUs() });
  }
  try {
    const sandboxUrl = house?.sandbox.url ?? `http://127.0.0.1:${options.sandboxPort}`;
    const { demo } = options;
    const api = await enter(url, accountFile);
    const { projectId, live } = await onboard(api, demo === undefined ? options : { ...options, params: { ...options.params, website: `${sandboxUrl}/sites/${demo}/` } });
    process.exitCode = live ? 0 : 1;
    if (demo === undefined || !live) return;
    print(`\n${paint("strong", "Its first lead")}\n`);
    const { wordpress } = await api.webhooks(projectId);
    const form = newForm();
    // She lives in New Zealand, wherever the business is.
    form["your-phone"] = (form["your-phone"] ?? "").replace(/^0/, "+64 ");
    const { lead_id } = await api.submitForm(wordpress, form);
    const outcome = await showCall({ api, sandbox: house?.sandbox ?? { url: sandboxUrl, events: () => [] }, screen, logFile: path.relative(process.cwd(), path.join(stateDir, "worker.log")) }, { leadId: lead_id, form: `${form["your-name"] ?? ""}, ${form["your-phone"] ?? ""}` });
    process.exitCode = outcome.kind === "analysed" ? 0 : 1;
  } finally {
    await house?.stop();
  }
};

void runMain(main).then(() => process.exit());
