import { type Params, twilioSignature } from "../../sandbox/twilio/signature.ts";
import type { StandIn } from "./stand-in.ts";

const PARALLEL = 8;
/** How long it takes is not measured: after more forms than it can take, a Worker first works off what is left of them. */
const PATIENCE_MS = 180_000;

/** Posts a callback as Twilio would: once more where the connection was lost, which a Worker may have closed as idle. */
const callBack = async (standIn: StandIn, url: string, params: Params): Promise<void> => {
  const post = async (): Promise<Response> =>
    fetch(url, {
      method: "POST",
      headers: { "X-Twilio-Signature": twilioSignature(standIn.sandbox.authToken, url, params) },
      body: new URLSearchParams(params.map(([name, value]) => [name, value])),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  const response = await post().catch(async (error: unknown) => {
    if (error instanceof TypeError) return post();
    throw error;
  });
  if (!response.ok) throw new Error(`A callback was answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  await response.text();
};

/**
 * Ends calls that were accepted and never run: the owner picks up and presses 0. Their phones are free again, and nothing of
 * them is left that would wake up and be measured along with what comes next.
 */
export const endCalls = async (standIn: StandIn, leads: readonly string[]): Promise<void> => {
  const left = leads.flatMap((lead) => standIn.dials.get(lead)?.slice(0, 1) ?? []);
  const work = async (): Promise<void> => {
    for (let dial = left.pop(); dial !== undefined; dial = left.pop()) {
      const params: Params = [["CallSid", dial.sid], ["AccountSid", standIn.sandbox.accountSid], ["CallStatus", "in-progress"]];
      await callBack(standIn, dial.whisperUrl, params);
      await callBack(standIn, dial.whisperUrl.replace("/whisper?", "/connect?"), [...params, ["Digits", "0"]]);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
};
