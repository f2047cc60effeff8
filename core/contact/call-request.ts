const COURTESY = "(?:please|pls|plz|hi|hello|hey|yes|ok|okay|sure|and|can you|could you|can someone|someone|just|asap|a s a p|now|right now|right away|straight away|immediately|today|thanks|thank you)";
const ASKS = "(?:call|ring|phone)(?: (?:me|us))?(?: back)?|give (?:me|us) a (?:call|ring)(?: back)?|call ?back";
const REQUEST = new RegExp(`^(?:${COURTESY} )*(?:${ASKS})(?: ${COURTESY})*$`);

/**
 * Whether a text as a whole asks to be rung at once: CALL, "call me", "please ring me now". Any word more ("call me tomorrow",
 * "I'll call you") and it is for a person to read.
 */
export const asksForCall = (text: string): boolean =>
  REQUEST.test(text.normalize("NFKC").toLowerCase().replaceAll(/[^\p{L}\p{N} ]/gu, " ").replaceAll(/\s+/g, " ").trim());
