/**
 * What a text says about being texted at all. Keywords only: CONTRACTS 1.11 lists Twilio's, 47 CFR 64.1200(a)(12) the law's.
 * @param optedOut YES and the like mean START only from somebody who had said stop
 */
export const readOptOutWords = (text: string, { optedOut }: { optedOut: boolean }): "stop" | "start" | "help" | "maybe" | "none" => {
  const said = text.normalize("NFKC").toLowerCase().replaceAll(/[’‘]/g, "'").replaceAll(/[^\p{L}\p{N}' ]/gu, " ").replaceAll(/\s+/g, " ").trim();
  if (/^(?:please )?(?:stop|stopall|stop all|unsubscribe|end|quit|revoke|opt ?out|cancel|remove me)(?: please| now)?$/.test(said)) return "stop";
  if (/^(?:please )?(?:stop|don't|do not|dont|quit|never) (?:text|call|contact|messag|ring|phon|send|bother)\w*(?: me| messages| texts)*(?: again| anymore| any more| please| ever)*$/.test(said)) return "stop";
  if (/^(?:start|unstop)$/.test(said) || (optedOut && said === "yes")) return "start";
  if (/^(?:help|info)$/.test(said)) return "help";
  return /\b(?:stop|unsubscribe|opt out|remove me|leave me alone|don't (?:text|call|contact)|do not (?:text|call|contact))\b/.test(said) ? "maybe" : "none";
};
