import { rfc2822, rfc2822OrNull } from "./ids.ts";
import { durationS, type Leg } from "./leg.ts";

/** A call leg as the API shows it. `initiated` is a word of callbacks only: here such a call is still queued. */
export function callResource(leg: Leg): Record<string, unknown> {
  const path = `/2010-04-01/Accounts/${leg.accountSid}/Calls/${leg.sid}`;
  return {
    account_sid: leg.accountSid,
    annotation: null,
    answered_by: leg.answeredBy,
    api_version: "2010-04-01",
    caller_name: null,
    date_created: rfc2822(leg.createdAt),
    date_updated: rfc2822(leg.endAt ?? leg.answeredAt ?? leg.startAt ?? leg.createdAt),
    direction: leg.direction,
    duration: leg.endAt === null ? null : String(durationS(leg)),
    end_time: rfc2822OrNull(leg.endAt),
    forwarded_from: null,
    from: leg.from,
    from_formatted: leg.from,
    group_sid: null,
    parent_call_sid: leg.parentSid,
    phone_number_sid: null,
    price: null,
    price_unit: "USD",
    queue_time: "0",
    sid: leg.sid,
    start_time: rfc2822OrNull(leg.startAt),
    status: leg.status === "initiated" ? "queued" : leg.status,
    to: leg.to,
    to_formatted: leg.to,
    trunk_sid: null,
    uri: `${path}.json`,
    subresource_uris: {
      events: `${path}/Events.json`,
      notifications: `${path}/Notifications.json`,
      recordings: `${path}/Recordings.json`,
      siprec: `${path}/Siprec.json`,
    },
  };
}
