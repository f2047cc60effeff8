/** Twilio's names for things that may hold something of a person. */
export interface TwilioSids {
  calls: string[];
  recordings: string[];
  messages: string[];
}

const named = (text: string, prefixes: string): string[] => [...new Set(text.match(new RegExp(`\\b(?:${prefixes})[0-9a-f]+\\b`, "g")) ?? [])];

/** Every SID that a value mentions, at whatever depth. A word that only looks like one names nothing at Twilio. */
export const sidsIn = (value: unknown): TwilioSids => {
  const text = JSON.stringify(value ?? null);
  return { calls: named(text, "CA"), recordings: named(text, "RE"), messages: named(text, "SM|MM") };
};

export const joinSids = (...several: TwilioSids[]): TwilioSids => ({
  calls: [...new Set(several.flatMap((sids) => sids.calls))],
  recordings: [...new Set(several.flatMap((sids) => sids.recordings))],
  messages: [...new Set(several.flatMap((sids) => sids.messages))],
});
