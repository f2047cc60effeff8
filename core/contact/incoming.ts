import type { Consequence } from "../memory/consequences.ts";
import type { IncomingMessage, Situation } from "../memory/inbox.store.ts";
import type { NewMessage } from "../memory/messages.store.ts";
import type { Channel } from "../memory/opt-outs.store.ts";
import { readOptOutWords } from "../security/consent/opt-out-words.ts";
import { asksForCall } from "./call-request.ts";
import { campaignConsequences } from "./campaign-consequences.ts";
import { readCampaignReply } from "./campaign-reply.ts";
import { feedbackChange } from "./feedback-change.ts";
import { matchFeedback } from "./feedback.ts";

/** A text as Twilio hands it over. */
export interface IncomingText {
  sid: string;
  project_id: string;
  from: string;
  to: string;
  /** The Twilio account that it came in by; null: the service's own. */
  account_sid: string | null;
  body: string;
  attachments: number;
  /** Twilio's Advanced Opt-Out recognised a keyword, and has answered it already. */
  opt_out_type: "STOP" | "START" | "HELP" | null;
}

/** What of the business decides. */
export interface Business {
  name: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** Phones of its own people, first the one to whom texts are forwarded. */
  people: string[];
  /** IANA. */
  time_zone: string;
  /** Whether leads are rung at all. */
  rings: boolean;
  /** The sweep looks after a call that nothing has taken up by then, in ms. */
  duty_due_ms: number;
}

export interface Decision {
  message: IncomingMessage;
  consequences: Consequence[];
}

/** Twilio answers these by itself on long codes, and blocks the number (CONTRACTS 1.11). */
const ANSWERED_BY_TWILIO = /^(?:stop|unsubscribe|end|quit|stopall|revoke|optout|cancel)$/i;
const FORWARDS_PER_HOUR = 5;
const ANSWERS_PER_HOUR = 2;
const MAX_FORWARD = 480;
/** "Ok thanks" hides no wish; more words may, in words or a language that no rule knows. */
const WORDS_WORTH_READING = 3;

/** What an incoming text is and brings about. Pure; all of it is written in one batch with the text. */
export const decide = (text: IncomingText, situation: Situation, business: Business, now: number): Decision => {
  const isOwn = business.people.includes(text.from);
  const message: IncomingMessage = {
    sid: text.sid,
    project_id: text.project_id,
    phone_from: text.from,
    phone_to: text.to,
    account_sid: text.account_sid,
    body: text.attachments === 0 ? text.body : `${text.body} [${text.attachments} attached]`.trim(),
    party: isOwn ? "owner" : "customer",
    purpose: "reply",
    status: "received",
    call_id: null,
    campaign_id: campaignOf(situation, now),
    lead: isOwn ? null : { by_phone: text.from, create: null },
  };
  if (situation.blocked) return { message: { ...message, status: "blocked" }, consequences: [] };
  const context = { text, situation, business, now, message };
  const words = wordsOf(text, situation);
  if (words === "stop") return stop(context);
  if (words === "start" && situation.opted_out.length > 0) {
    return { message, consequences: [{ kind: "opt_in", phone: text.from }, ...(isOwn ? [] : [{ kind: "reopen_lead" } as const])] };
  }
  if (isOwn) return fromOwner(context);
  if (words === "help") return { message, consequences: text.opt_out_type === null ? [answerHelp(context)] : [] };
  return fromCustomer(context, words === "maybe");
};

/** An answer is looked for so long after a campaign's text, and as long as nothing else was written to this phone. */
const ANSWER_WINDOW_MS = 30 * 86_400_000;
const campaignOf = ({ latest_out }: Situation, now: number): string | null => (latest_out !== null && now - latest_out.created_at <= ANSWER_WINDOW_MS ? latest_out.campaign_id : null);

interface Context {
  text: IncomingText;
  situation: Situation;
  business: Business;
  now: number;
  message: IncomingMessage;
}

const wordsOf = (text: IncomingText, situation: Situation) => {
  if (text.opt_out_type !== null) return ({ STOP: "stop", START: "start", HELP: "help" } as const)[text.opt_out_type];
  return readOptOutWords(text.body, { isOptedOut: situation.opted_out.includes("sms") });
};

/** Who speaks of calls, of all contact or of everything does not want to be rung either. */
export const channelsOf = (body: string): Channel[] => (/\b(?:call|ring|phon|contact|all\b|stopall|alone)/i.test(body) ? ["sms", "call"] : ["sms"]);

interface Origin {
  sid: string;
  project_id: string;
  from: string;
  to: string;
  account_sid: string | null;
  party: "owner" | "customer";
}

const originOf = ({ text, message }: Pick<Context, "text" | "message">): Origin => ({ sid: text.sid, project_id: text.project_id, from: text.from, to: text.to, account_sid: text.account_sid, party: message.party });

/** A text back to whoever wrote, by the number that they wrote to. */
const answer = ({ sid, project_id, from, to, account_sid, party }: Origin, body: string, purpose: NewMessage["purpose"]): Extract<Consequence, { kind: "text" }>["message"] => ({
  project_id, lead_id: party === "owner" ? null : { of: "message" }, call_id: null, campaign_id: null, party, account_sid, phone_from: to, phone_to: from, body, purpose, key: `${purpose}:${sid}`,
});

/** Whoever says stop is left alone at once, and told so once. */
export const stopConsequences = (origin: Origin, said: { channels: Channel[]; reason: string; confirm: boolean }, businessName: string): Consequence[] => [
  // Before the opt-out: whoever has said it already gets no second confirmation.
  ...(said.confirm ? [{ kind: "text", message: answer(origin, `${businessName}: you will get no more texts from us. Reply START to undo this.`, "opt_out_confirmation"), unless: "opted_out" } as const] : []),
  { kind: "opt_out", phone: origin.from, channels: said.channels, reason: said.reason },
  ...(origin.party === "owner" ? [] : [{ kind: "close_lead" } as const]),
];

const stop = (context: Context): Decision => {
  const { text, business, message } = context;
  const answeredByTwilio = text.opt_out_type !== null || ANSWERED_BY_TWILIO.test(text.body.trim());
  const { campaign_id } = message;
  const counted: Consequence[] = campaign_id === null || message.party === "owner" ? [] : [{ kind: "campaign_reply", campaign_id, phone: text.from, reply: "stop" }];
  return { message, consequences: [...stopConsequences(originOf(context), { channels: channelsOf(text.body), reason: "sms", confirm: !answeredByTwilio }, business.name), ...counted] };
};

const answerHelp = (context: Context): Consequence => {
  const body = `${context.business.name} here. Call or text ${context.text.to}. Reply CALL to be rung, STOP to get no more texts.`;
  return { kind: "text", message: answer(originOf(context), body, "text_back"), unless: { per_hour: ANSWERS_PER_HOUR } };
};

const fromOwner = ({ text, situation, business, now, message }: Context): Decision => {
  const match = matchFeedback(text.body, situation.asked, situation.answered);
  if (match === null) return { message, consequences: [] };
  const { outcome } = match.answer;
  const consequences: Consequence[] = [
    { kind: "change_lead", lead_id: match.lead_id, action: "lead.feedback", change: feedbackChange(match.answer, business.country, now), details: { outcome, call_id: match.call_id } },
  ];
  // Whoever has an outcome was reached; whoever did not answer is still to be.
  if (outcome !== null && outcome !== "no_answer") {
    consequences.push({ kind: "run", project_id: text.project_id, action: "end_chase", params: { lead_id: match.lead_id, by: "owner_sms" }, about_message: false, key: `end_chase:${text.sid}`, after_ms: 0, audit: null });
  }
  return { message: { ...message, purpose: "feedback", call_id: match.call_id, lead: { id: match.lead_id } }, consequences };
};

const fromCustomer = (context: Context, isMaybeStop: boolean): Decision => {
  const { text, situation, business, now, message } = context;
  const create = { name: "", metadata: { status: "new", source: "sms", message: text.body } };
  // Short codes and names are senders whom nobody can answer.
  const known: IncomingMessage = { ...message, lead: /^\+[1-9]\d{6,14}$/.test(text.from) ? { by_phone: text.from, create } : null };
  if (known.lead === null) return { message: known, consequences: [] };
  const [owner] = business.people;
  const forwarded = owner === undefined ? [] : [forward(owner, { text, situation, business, message: known })];
  if (known.campaign_id !== null) return { message: known, consequences: fromOldCustomer(text, known.campaign_id, { business, forwarded, isMaybeStop, now }) };
  if (!isMaybeStop && business.rings && asksForCall(text.body)) return { message: known, consequences: [{ kind: "call", project_id: text.project_id, due_in_ms: business.duty_due_ms }] };
  // Where no rule suspects anything, the model is asked too, but heeded in one thing only: that they want to be left alone.
  return { message: known, consequences: [...forwarded, ...(isMaybeStop ? [readBy(text, "all")] : isWorthReading(text) ? [readBy(text, "stop")] : [])] };
};

const isWorthReading = ({ body }: IncomingText): boolean => body.trim().split(/\s+/).length >= WORDS_WORTH_READING;
/** Has a model read it. `heed`: what it may find in it. */
const readBy = (text: IncomingText, heed: "all" | "stop"): Consequence => ({
  kind: "run", project_id: text.project_id, action: "read_reply", params: heed === "all" ? {} : { heed }, about_message: true, key: `read_reply:${text.sid}`, after_ms: 0, audit: null,
});

/** An answer to a campaign: rules first; what they are not sure of, a model reads, and the owner sees in any case. */
const fromOldCustomer = (text: IncomingText, campaign_id: string, { business, forwarded, isMaybeStop, now }: { business: Business; forwarded: Consequence[]; isMaybeStop: boolean; now: number }): Consequence[] => {
  const reply = isMaybeStop ? null : readCampaignReply(text.body);
  const about = { campaign_id, project_id: text.project_id, sid: text.sid, phone: text.from, body: text.body, at: now };
  if (reply === null) return [{ kind: "campaign_reply", campaign_id, phone: text.from, reply: "other" }, ...forwarded, readBy(text, "all")];
  const heard = campaignConsequences(reply, about, business);
  const shown = reply === "no" || (reply === "interested" && business.rings) ? [] : forwarded;
  return [...heard, ...shown, ...(isWorthReading(text) ? [readBy(text, "stop")] : [])];
};

const forward = (owner: string, { text, situation, business, message }: Omit<Context, "now">): Consequence => {
  const name = situation.lead?.name ?? "";
  const who = name === "" ? text.from : `${name} (${text.from})`;
  const verb = situation.lead === null ? "texted" : "replied";
  const body = `${business.name}: ${who} ${verb}: ${message.body}`;
  return {
    kind: "text",
    message: {
      project_id: text.project_id, lead_id: { of: "message" }, call_id: null, campaign_id: null, party: "owner", account_sid: text.account_sid, phone_from: text.to, phone_to: owner,
      body: body.length > MAX_FORWARD ? `${body.slice(0, MAX_FORWARD - 1)}…` : body, purpose: "reply_forward", key: `reply_forward:${text.sid}`,
    },
    unless: { per_hour: FORWARDS_PER_HOUR },
  };
};
