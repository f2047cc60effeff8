import type { Webhooks } from "./api.ts";
import type { Paint } from "./text.ts";

export interface HintFacts {
  url: string;
  sandboxUrl: string;
  wordpress: Webhooks["wordpress"];
  callId: string | null;
  leadId: string;
  /** The first person to ring, E.164. */
  ownerPhone: string | null;
  /** Relative to where the person is, for commands to paste. */
  stateDir: string;
  /** Where one sets up a business by oneself, in a browser; null where there is no dashboard. */
  sampleLink: string | null;
  /** The flags that bring this very demo back, e.g. " -- --port 9000". */
  flags: string;
}

/** Everything between quotes in a shell. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A lead from the command line. The phone is made of the time, as the same one within ten minutes would be the same lead. */
export const anotherLead = ({ url, key }: Webhooks["wordpress"]): string =>
  `curl -sS ${quote(url)} -H ${quote(`X-Apex-Key: ${key}`)} -d 'your-name=Mia Ngata' -d "your-phone=021$(date +%H%M%S)0" -d 'your-message=The shower drips' -w '\\n'`;

/** What to try while all is up: each command is one line to paste. */
export const renderHints = ({ url, sandboxUrl, wordpress, callId, leadId, ownerPhone, stateDir, sampleLink, flags }: HintFacts, paint: Paint): string => {
  const block = (title: string, ...lines: string[]): string[] => [`  ${paint("strong", title)}`, ...lines.map((line) => `    ${line}`), ""];
  const withToken = `curl -sS -H "Authorization: Bearer $(cat ${stateDir}/token)"`;
  const behave = (body: string): string => `curl -sS -X PUT ${quote(`${sandboxUrl}/_sandbox/twilio/numbers/${ownerPhone ?? ""}`)} -d ${quote(body)} -w '\\n'`;
  return [
    paint("strong", "What to try"),
    "",
    ...(sampleLink === null ? [] : block("Set up a business by yourself and hear it ring: open this in a browser", sampleLink)),
    ...block("Another lead (its timeline appears here; the same phone again within 10 minutes is the same lead)", anotherLead(wordpress)),
    ...block(
      "The call, the lead and the sound, over the API",
      ...(callId === null ? [] : [`${withToken} ${quote(`${url}/api/calls/${callId}`)}`]),
      `${withToken} ${quote(`${url}/api/entities/${leadId}`)}`,
      ...(callId === null ? [] : [`${withToken} ${quote(`${url}/api/calls/${callId}/recording`)} -o call.wav`]),
    ),
    ...(ownerPhone === null
      ? []
      : block("An owner who does not answer, is busy, or does again; then send another lead", behave('{"pickup":"no-answer"}'), behave('{"pickup":"busy"}'), behave('{"pickup":"answers"}'))),
    `  API        ${url}   every route: ${url}/openapi.json`,
    `  Sandbox    ${sandboxUrl}   who answers how: sandbox/README.md, "Numbers"`,
    `  Sign-in    ${stateDir}/account.json   (POST /api/auth/login for a session; ${stateDir}/token is an API key)`,
    `  Data       ${stateDir}/v3   database, and recordings in the R2 bucket (r2/)`,
    `  Log        ${stateDir}/worker.log`,
    "",
    `Ctrl-C ends all of it. npm start${flags} goes on with this business; with --fresh, another one.`,
  ].join("\n");
};
