import { isE164 } from "../kit/phone.ts";
import type { Accounts } from "./accounts.ts";
import type { ApiCall, ApiRoute, Reply } from "./api.ts";
import { callResource } from "./call.resource.ts";
import { callEvents, methodOf } from "./documents.ts";
import { TwilioError } from "./errors.ts";
import { isOver, type DocumentSource, type Leg, type StatusCallback } from "./leg.ts";
import { pageOf, timeFilter } from "./lists.ts";
import { detectionMode, type Detection } from "./machine-detection.ts";
import type { Numbers } from "./numbers.ts";
import { recordingEvents } from "./recording.ts";
import type { RecordingWish } from "./recordings.ts";
import type { CallRunner } from "./runner.ts";
import type { Switchboard } from "./switchboard.ts";

export interface CallRoutesTools {
  readonly switchboard: Switchboard;
  readonly runner: CallRunner;
  readonly numbers: Numbers;
  readonly accounts: Accounts;
}

function isWebUrl(text: string): boolean {
  return /^https?:\/\/[^/\s]+/i.test(text) && URL.canParse(text);
}

/** A callback URL; Twilio refuses an underscore in the host name (21609). */
export function checkedCallback(url: string | null): string | null {
  if (url === null || url === "") return null;
  if (!isWebUrl(url) || /^https?:\/\/[^/?#]*_/i.test(url)) throw new TwilioError(21609);
  return url;
}

function sourceOf(form: URLSearchParams): DocumentSource | undefined {
  const url = form.get("Url");
  const twiml = form.get("Twiml");
  if (url !== null && url !== "") {
    if (!isWebUrl(url)) throw new TwilioError(21205);
    const fallbackUrl = form.get("FallbackUrl");
    return { kind: "url", url, method: methodOf(form.get("Method") ?? undefined), ...(fallbackUrl === null ? {} : { fallbackUrl }) };
  }
  return twiml === null || twiml === "" ? undefined : { kind: "twiml", twiml };
}

function statusCallbackOf(form: URLSearchParams): StatusCallback | null {
  const url = checkedCallback(form.get("StatusCallback"));
  return url === null ? null : { url, method: methodOf(form.get("StatusCallbackMethod") ?? undefined), events: callEvents(form.getAll("StatusCallbackEvent")) };
}

function detectionOf(form: URLSearchParams): Detection | null {
  const mode = detectionMode(form.get("MachineDetection") ?? undefined);
  if (mode === undefined) return null;
  const url = checkedCallback(form.get("AsyncAmdStatusCallback"));
  const asynchronous = form.get("AsyncAmd") === "true" && url !== null;
  return { mode, callback: asynchronous ? { url, method: methodOf(form.get("AsyncAmdStatusCallbackMethod") ?? undefined) } : null };
}

/** What a form says about recording, both of a new call and of POST …/Recordings.json. */
export function recordingWish(form: URLSearchParams, source: RecordingWish["source"]): RecordingWish {
  const url = checkedCallback(form.get("RecordingStatusCallback"));
  const events = form.getAll("RecordingStatusCallbackEvent").flatMap((value) => value.split(" "));
  return {
    source,
    // The start-recording API makes two channels unless it is told otherwise; a call's Record makes one.
    channels: (form.get("RecordingChannels") ?? (source === "OutboundAPI" ? "mono" : "dual")) === "dual" ? 2 : 1,
    track: form.get("RecordingTrack") ?? "both",
    callback: url === null ? null : { url, method: methodOf(form.get("RecordingStatusCallbackMethod") ?? undefined), events: recordingEvents(events) },
  };
}

export function callRoutes({ switchboard, runner, numbers, accounts }: CallRoutesTools): readonly ApiRoute[] {
  function legOf(call: ApiCall): Leg {
    const leg = switchboard.find(call.accountSid, call.parts[0] ?? "");
    if (leg === undefined) throw new TwilioError(20404, 404);
    return leg;
  }

  function create({ accountSid, form }: ApiCall): Reply {
    const to = form.get("To") ?? "";
    const from = form.get("From") ?? "";
    if (to === "") throw new TwilioError(21201);
    if (from === "") throw new TwilioError(21213);
    const source = sourceOf(form);
    if (source === undefined) throw new TwilioError(21205);
    if (!isE164(to)) throw new TwilioError(21211);
    if (!isE164(from)) throw new TwilioError(21212);
    if (!accounts.owns(accountSid, from)) throw new TwilioError(21210);
    const refusal = numbers.behaviourOf(to).call_error;
    if (refusal !== null) throw new TwilioError(refusal);
    const detection = detectionOf(form);
    const timeout = Number(form.get("Timeout") ?? "60");
    const record = form.get("Record") === "true" ? recordingWish(form, "OutboundAPI") : null;
    const leg = switchboard.create({ accountSid, direction: "outbound-api", to, from, statusCallback: statusCallbackOf(form) });
    const timeoutMs = 1000 * Math.min(600, timeout > 0 ? timeout : 60);
    return { status: 201, body: callResource(leg), after: () => runner.startOutbound(leg, { source, timeoutMs, detection, record }) };
  }

  function list({ accountSid, query, exchange }: ApiCall): Reply {
    const inTime = timeFilter(query, "StartTime");
    const wanted = (name: string, value: string | null): boolean => !query.has(name) || query.get(name) === value;
    const found = switchboard
      .all(accountSid)
      .filter((leg) => wanted("To", leg.to) && wanted("From", leg.from) && wanted("Status", leg.status) && wanted("ParentCallSid", leg.parentSid) && inTime(leg.startAt));
    return { status: 200, body: pageOf("calls", found, callResource, exchange.url) };
  }

  function update(call: ApiCall): Reply {
    const leg = legOf(call);
    const { form } = call;
    const status = form.get("Status");
    const source = sourceOf(form);
    if (isOver(leg)) throw new TwilioError(21220);
    if (status === "completed" || status === "canceled") {
      if (status === "canceled" && leg.answeredAt !== null) throw new TwilioError(21220);
      leg.control.interrupt({ kind: "end", status });
    } else if (source !== undefined) {
      if (leg.status !== "in-progress") throw new TwilioError(21220);
      leg.control.interrupt({ kind: "redirect", source });
    } else throw new TwilioError(20001);
    return { status: 200, body: callResource(leg) };
  }

  return [
    { methods: ["POST"], path: /^\/Calls\.json$/, target: "calls", handle: create },
    { methods: ["GET"], path: /^\/Calls\.json$/, target: "reads", handle: list },
    { methods: ["GET"], path: /^\/Calls\/(CA[0-9a-f]+)\.json$/, target: "reads", handle: (call) => ({ status: 200, body: callResource(legOf(call)) }) },
    { methods: ["POST"], path: /^\/Calls\/(CA[0-9a-f]+)\.json$/, target: "updates", handle: update },
    {
      methods: ["DELETE"],
      path: /^\/Calls\/(CA[0-9a-f]+)\.json$/,
      target: "updates",
      handle: (call) => {
        const leg = legOf(call);
        if (!isOver(leg)) throw new TwilioError(21220);
        switchboard.remove(leg);
        return { status: 204 };
      },
    },
  ];
}
