import { isE164 } from "../kit/phone.ts";
import type { Accounts } from "./accounts.ts";
import type { ApiCall, ApiRoute, Reply } from "./api.ts";
import { checkedCallback } from "./calls.routes.ts";
import { TwilioError } from "./errors.ts";
import { pageOf, timeFilter } from "./lists.ts";
import { messageResource, type Message } from "./message.ts";
import type { Messages } from "./messages.ts";

const LONGEST_BODY = 1600;
const MESSAGE_PATH = /^\/Messages\/(SM[0-9a-f]+)\.json$/;

/** A number, a short code, or up to eleven letters and digits with a letter among them. */
function isSender(text: string): boolean {
  return isE164(text) || /^\d{3,8}$/.test(text) || /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(text);
}

export function messageRoutes(messages: Messages, accounts: Accounts): readonly ApiRoute[] {
  function messageOf(call: ApiCall): Message {
    const message = messages.find(call.accountSid, call.parts[0] ?? "");
    if (message === undefined) throw new TwilioError(20404, 404);
    return message;
  }

  function create({ accountSid, form }: ApiCall): Reply {
    const to = form.get("To") ?? "";
    const messagingServiceSid = form.get("MessagingServiceSid");
    const from = form.get("From") ?? "";
    const body = form.get("Body") ?? "";
    const media = form.getAll("MediaUrl");
    if (to === "") throw new TwilioError(21604);
    if (from === "" && messagingServiceSid === null) throw new TwilioError(21603);
    if (body === "" && media.length === 0 && !form.has("ContentSid")) throw new TwilioError(21602);
    if (!isE164(to)) throw new TwilioError(21211);
    if (from !== "" && !isSender(from)) throw new TwilioError(21212);
    if (isE164(from) && !accounts.owns(accountSid, from)) throw new TwilioError(21606);
    if (body.length > LONGEST_BODY) throw new TwilioError(21617);
    const statusCallback = checkedCallback(form.get("StatusCallback"));
    const message = messages.create({ accountSid, messagingServiceSid, direction: "outbound-api", to, from, body, numMedia: media.length, statusCallback });
    return { status: 201, body: messageResource(message), after: () => messages.deliver(message) };
  }

  function list({ accountSid, query, exchange }: ApiCall): Reply {
    const inTime = timeFilter(query, "DateSent");
    const found = messages
      .all(accountSid)
      .filter((message) => (query.get("To") ?? message.to) === message.to && (query.get("From") ?? message.from) === message.from && inTime(message.sentAt));
    return { status: 200, body: pageOf("messages", found, messageResource, exchange.url) };
  }

  return [
    { methods: ["POST"], path: /^\/Messages\.json$/, target: "messages", handle: create },
    { methods: ["GET"], path: /^\/Messages\.json$/, target: "reads", handle: list },
    { methods: ["GET"], path: MESSAGE_PATH, target: "reads", handle: (call) => ({ status: 200, body: messageResource(messageOf(call)) }) },
    {
      methods: ["DELETE"],
      path: MESSAGE_PATH,
      target: "updates",
      handle: (call) => {
        messages.remove(messageOf(call));
        return { status: 204 };
      },
    },
  ];
}
