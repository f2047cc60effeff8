import { methodOf, resolveUrl } from "./documents.ts";
import { NEXT, type Step, type VerbContext, type VerbHandler } from "./interpreter.ts";
import type { Verb } from "./twiml.ts";

/** Say, Play and Pause: something to listen to. */
export const hear: VerbHandler = async (verb, { leg, interpreter }): Promise<Step> => {
  interpreter.answer(leg);
  await interpreter.hear(leg, verb);
  return NEXT;
};

export const hangup: VerbHandler = (): Promise<Step> => Promise.resolve({ kind: "hangup" });

export const redirect: VerbHandler = (verb: Verb, { document }: VerbContext): Promise<Step> =>
  Promise.resolve({ kind: "goto", source: { kind: "url", url: resolveUrl(verb.text, document.baseUrl), method: methodOf(verb.attributes["method"]) } });

/** Only as the first verb of a call that is not answered yet; anywhere else it is as good as hanging up. */
export const reject: VerbHandler = (verb, { leg }): Promise<Step> => {
  if (leg.direction !== "inbound" || leg.answeredAt !== null) return Promise.resolve({ kind: "hangup" });
  return Promise.resolve({ kind: "reject", status: verb.attributes["reason"] === "busy" ? "busy" : "no-answer" });
};
