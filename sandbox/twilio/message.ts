import type { CallbackLine } from "./callback-line.ts";
import { rfc2822, rfc2822OrNull } from "./ids.ts";

export type MessageStatus = "queued" | "sent" | "delivered" | "undelivered" | "failed" | "received";

/** One text message. Times are milliseconds since the epoch. */
export interface Message {
  readonly sid: string;
  readonly accountSid: string;
  readonly messagingServiceSid: string | null;
  readonly direction: "outbound-api" | "outbound-reply" | "inbound";
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly numMedia: number;
  readonly createdAt: number;
  readonly statusCallback: string | null;
  readonly line: CallbackLine;
  status: MessageStatus;
  sentAt: number | null;
  errorCode: number | null;
}

/** Characters that GSM 03.38 can write; one other makes the whole message UCS-2. */
const GSM = /^[A-Za-z0-9@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[~\]|€]*$/;

/** How many segments it costs: 160 characters alone and 153 in a row, or 70 and 67 with other letters. */
export function segmentsOf(body: string): number {
  const [alone, inRow] = GSM.test(body) ? [160, 153] : [70, 67];
  return body.length <= alone ? 1 : Math.ceil(body.length / inRow);
}

export function messageResource(message: Message): Record<string, unknown> {
  const path = `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}`;
  return {
    account_sid: message.accountSid,
    api_version: "2010-04-01",
    body: message.body,
    date_created: rfc2822(message.createdAt),
    date_sent: rfc2822OrNull(message.sentAt),
    date_updated: rfc2822(message.sentAt ?? message.createdAt),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: null,
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: String(message.numMedia),
    num_segments: String(segmentsOf(message.body)),
    price: null,
    price_unit: "USD",
    sid: message.sid,
    status: message.status,
    to: message.to,
    uri: `${path}.json`,
    subresource_uris: { media: `${path}/Media.json` },
  };
}
