/** What can be told of a conversation by simple rules: nothing is made up, everything is a sentence of it. */
export interface Analysis {
  readonly summary: string;
  readonly keyPoints: readonly string[];
  readonly customerIntent: string;
  readonly nextSteps: readonly string[];
  readonly sentiment: "positive" | "neutral" | "negative";
  readonly urgency: "low" | "medium" | "high";
}

interface Turn {
  readonly speaker: "owner" | "customer" | "unknown";
  readonly text: string;
}

const CUSTOMER = /^(customer|lead|caller|client|contact|prospect)$/i;
const OWNER = /^(owner|agent|business|staff|plumber|lawyer|locksmith|operator|rep|advisor)$/i;
const NEED = /\b(leak\w*|block\w*|burst|quote|broken|need|want|would like|emergency|replace|repair|fix|locked|stuck|smells?|cannot|running|help)\b/i;
const PLAN = /\b(i'll|i will|i can|we'll|we will|be there|tomorrow|this afternoon|come over|send you|text you|call (?:me|you) back|need to talk|come straight|next opening|please (?:come|call))\b/i;
const GLAD = /\b(great|thanks?|thank you|perfect|lovely|excellent|happy|good|brilliant|awesome)\b/gi;
const SORRY = /\b(expensive|terrible|angry|bad|awful|unhappy|disappointed|complain\w*|upset|worse|rude|useless|cancel)\b/gi;
const PRESSING = /\b(emergency|urgent\w*|burst|flood\w*|leaking|all over the|right now|immediately|asap|locked out|straight over)\b/i;
const UNHURRIED = /\b(quote|sometime|no rush|next month|whenever|thinking about|old)\b/i;

function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /\p{L}{2}/u.test(sentence));
}

function speakerOf(label: string): Turn["speaker"] {
  return CUSTOMER.test(label) ? "customer" : OWNER.test(label) ? "owner" : "unknown";
}

/** `[00:03] Customer: …` lines, or JSON with speaker and text, or anything else as the words of nobody known. */
function turnsOf(prompt: string): Turn[] {
  const labelled = [...prompt.matchAll(/^[ \t>*-]*(?:\[?\(?[\d:.]+\s*s?\)?\]?[ \t-]*)?\**\[?(\w+)\]?(?:\s*\([^)\n]*\))?\**[ \t]*:[ \t]*(.+)$/gm)]
    .map((match) => ({ speaker: speakerOf(match[1] ?? ""), text: match[2] ?? "" }))
    .filter((turn) => turn.speaker !== "unknown");
  if (labelled.length > 0) return labelled;
  const inJson = [...prompt.matchAll(/"(?:speaker|role|party)"\s*:\s*"(\w+)"[^{}]*?"text"\s*:\s*"((?:[^"\\]|\\.)*)"/g)];
  if (inJson.length > 0) return inJson.map((match) => ({ speaker: speakerOf(match[1] ?? ""), text: unescaped(match[2] ?? "") }));
  return [{ speaker: "unknown", text: fenced(prompt) }];
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

/** What a prompt fences in as somebody else's words is the matter; the rest is instructions. */
function fenced(prompt: string): string {
  const blocks = [...prompt.matchAll(/```\w*\n([\s\S]*?)```|<(\w[\w-]*)[^>]*>\n?([\s\S]*?)<\/\2>/g)].map((match) => match[1] ?? match[3] ?? "");
  return blocks.length > 0 ? blocks.join("\n") : prompt;
}

function count(text: string, words: RegExp): number {
  return [...text.matchAll(words)].length;
}

/** The matter of a prompt as plain sentences, for whoever has to say something about it. */
export function matterOf(prompt: string): string[] {
  const sentences = turnsOf(prompt).flatMap((turn) => sentencesOf(turn.text));
  return sentences.length > 0 ? sentences : sentencesOf(prompt);
}

export function analyse(prompt: string): Analysis {
  const turns = turnsOf(prompt);
  const all = turns.flatMap((turn) => sentencesOf(turn.text));
  const byCustomer = turns.filter((turn) => turn.speaker !== "owner").flatMap((turn) => sentencesOf(turn.text));
  const byOwner = turns.filter((turn) => turn.speaker === "owner").flatMap((turn) => sentencesOf(turn.text));
  const said = byCustomer.join(" ");
  const need = byCustomer.find((sentence) => NEED.test(sentence)) ?? byCustomer[0] ?? all[0] ?? "";
  const plans = [...byOwner, ...byCustomer].filter((sentence) => PLAN.test(sentence) && sentence !== need);
  const mood = count(said, GLAD) - count(said, SORRY);
  return {
    summary: [need, plans[0] ?? byOwner[0]].filter((sentence) => sentence !== undefined && sentence !== "").join(" "),
    keyPoints: [...new Set([need, ...all.filter((sentence) => NEED.test(sentence) || PLAN.test(sentence) || /\d|\b(?:one|two|nine|ten|twelve|forty|ninety)\b/i.test(sentence))])].filter((point) => point !== "").slice(0, 5),
    customerIntent: need,
    nextSteps: plans.slice(0, 3),
    sentiment: mood > 0 ? "positive" : mood < 0 ? "negative" : "neutral",
    urgency: PRESSING.test(said) ? "high" : UNHURRIED.test(said) ? "low" : "medium",
  };
}
