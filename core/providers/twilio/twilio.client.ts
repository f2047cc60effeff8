import { z } from "zod";
import { TwilioError, classifyRefusal } from "./twilio.errors.ts";
import { createTwilioHttp, type TwilioHttpOptions } from "./twilio.http.ts";

/*
 * Twilio's REST API, as much of it as we use, over plain fetch: the official SDK's REST half weighs 8 MB and takes
 * seconds to load in a Worker (docs/design/decisions). Its TwiML and signature halves are used, by deep import.
 */

const callSchema = z.looseObject({
  sid: z.string().min(1),
  status: z.string(),
  to: z.string().nullish(),
  from: z.string().nullish(),
  /** RFC 2822. A queued call has it too, unlike start_time. */
  date_created: z.string().nullish(),
  parent_call_sid: z.string().nullish(),
  duration: z.coerce.number().nullish().catch(null),
  answered_by: z.string().nullish(),
});
export type TwilioCall = z.infer<typeof callSchema>;

const messageSchema = z.looseObject({ sid: z.string().min(1), status: z.string(), body: z.string().nullish(), date_created: z.string().nullish() });
export type TwilioMessage = z.infer<typeof messageSchema>;

/** Addresses that Twilio asks when a call or text comes in; "" where none was set. */
const numberSchema = z.looseObject({ phone_number: z.string(), voice_url: z.string().nullish(), sms_url: z.string().nullish() });
export type TwilioNumber = z.infer<typeof numberSchema>;

export interface NewCall {
  to: string;
  from: string;
  /** Where Twilio asks what to do once the phone is picked up. */
  url: string;
  status_callback: string;
  /** Seconds that the phone rings. */
  ring_timeout_s: number;
  /** Seconds after which Twilio ends the call by itself. */
  time_limit_s: number;
  /** Where Twilio says whether a machine picked up, by its beep; null: it does not listen for one (it costs). */
  machine_callback: string | null;
}

const listedRecordingSchema = z.object({
  sid: z.string(),
  /** `completed` once its audio can be fetched, `absent` when there is none; anything else may become either. */
  status: z.string().default(""),
  /** Seconds; Twilio writes them as text, and none while it is being made. */
  duration: z.coerce.number().int().nonnegative().nullish().transform((seconds) => seconds ?? 0),
});
export type ListedRecording = z.infer<typeof listedRecordingSchema>;

export interface RecordingMedia {
  body: ReadableStream<Uint8Array>;
  /** Bytes; null when Twilio sent none. */
  content_length: number | null;
  content_type: string;
}

export const createTwilioClient = (options: TwilioHttpOptions) => {
  const { fetch } = options;
  const { access, request, read, unlessGone } = createTwilioHttp(options);

  return {
    async createCall(call: NewCall): Promise<TwilioCall> {
      return read(
        await request("POST", "/Calls.json", {
          To: call.to,
          From: call.from,
          Url: call.url,
          Method: "POST",
          StatusCallback: call.status_callback,
          StatusCallbackMethod: "POST",
          StatusCallbackEvent: ["initiated", "ringing", "answered", "completed"],
          Timeout: String(call.ring_timeout_s),
          TimeLimit: String(call.time_limit_s),
          ...(call.machine_callback === null
            ? {}
            : { MachineDetection: "DetectMessageEnd", AsyncAmd: "true", AsyncAmdStatusCallback: call.machine_callback, AsyncAmdStatusCallbackMethod: "POST" }),
        }),
        callSchema,
      );
    },

    /** Newest first. No filter by start time: a queued call has none and would be missed. */
    async listCalls(filter: { to: string; from: string }): Promise<TwilioCall[]> {
      const page = await read(
        await request("GET", "/Calls.json", { To: filter.to, From: filter.from, PageSize: "50" }),
        z.looseObject({ calls: z.array(callSchema) }),
      );
      return page.calls;
    },

    async getCall(sid: string): Promise<TwilioCall> {
      return read(await request("GET", `/Calls/${encodeURIComponent(sid)}.json`), callSchema);
    },

    async hangUp(sid: string): Promise<void> {
      await request("POST", `/Calls/${encodeURIComponent(sid)}.json`, { Status: "completed" });
    },

    /** Sends a live call to another document. Refused with 21220 when it is over. */
    async redirect(sid: string, url: string): Promise<void> {
      await request("POST", `/Calls/${encodeURIComponent(sid)}.json`, { Url: url, Method: "POST" });
    },

    /** Starts a two-channel recording of a live call. */
    async startRecording(sid: string, statusCallback: string): Promise<void> {
      await request("POST", `/Calls/${encodeURIComponent(sid)}/Recordings.json`, {
        RecordingChannels: "dual",
        RecordingTrack: "both",
        RecordingStatusCallback: statusCallback,
        RecordingStatusCallbackEvent: ["completed", "absent"],
      });
    },

    /** What was recorded of a call, whatever we were told of; nothing for a call that Twilio does not know. */
    async listRecordings(callSid: string): Promise<ListedRecording[]> {
      const response = await unlessGone(request("GET", `/Calls/${encodeURIComponent(callSid)}/Recordings.json`));
      return response === null ? [] : (await read(response, z.looseObject({ recordings: z.array(listedRecordingSchema) }))).recordings;
    },

    /** Deletes a recording at Twilio; one that is not there is no error. One still being made can be deleted once it is complete. */
    async deleteRecording(sid: string): Promise<void> {
      await unlessGone(request("DELETE", `/Recordings/${encodeURIComponent(sid)}.json`));
    },

    /** Deletes a text's record, body included; one that is not there is no error. One still on its way can be deleted once it has arrived. */
    async deleteMessage(sid: string): Promise<void> {
      await unlessGone(request("DELETE", `/Messages/${encodeURIComponent(sid)}.json`));
    },

    /** @param body at most 1,600 characters (error 21617 beyond) */
    async sendMessage({ to, from, body, status_callback }: { to: string; from: string; body: string; status_callback?: string }): Promise<TwilioMessage> {
      const form = { To: to, From: from, Body: body, ...(status_callback === undefined ? {} : { StatusCallback: status_callback }) };
      return read(await request("POST", "/Messages.json", form), messageSchema);
    },

    async listMessages(filter: { to: string; from: string }): Promise<TwilioMessage[]> {
      const page = await read(
        await request("GET", "/Messages.json", { To: filter.to, From: filter.from, PageSize: "50" }),
        z.looseObject({ messages: z.array(messageSchema) }),
      );
      return page.messages;
    },

    /**
     * The audio of a recording as a stream. The address is rebuilt from the SIDs (the one in the webhook is only a
     * claim), and the credentials go to no other host: a redirect to storage is followed without them.
     */
    async openRecording(sid: string): Promise<RecordingMedia> {
      const { root, authorization } = await access();
      const media = async (query: string): Promise<Response> =>
        fetch(`${root}/Recordings/${encodeURIComponent(sid)}.wav${query}`, { headers: { Authorization: authorization }, redirect: "manual" }).catch(
          (cause: unknown) => {
            throw new TwilioError({ failure: "unknown", twilioCode: null, message: "Twilio did not answer.", cause });
          },
        );
      let response = await media("?RequestedChannels=2");
      if (response.status === 400) {
        // There is no second channel to be had; one is better than none.
        await response.body?.cancel();
        response = await media("");
      }
      const location = response.headers.get("Location");
      const audio = response.status >= 300 && response.status < 400 && location !== null ? await fetch(location, { redirect: "manual" }) : response;
      if (audio.ok && audio.body) {
        const length = Number(audio.headers.get("Content-Length") ?? NaN);
        return {
          body: audio.body as ReadableStream<Uint8Array>,
          content_length: Number.isInteger(length) && length > 0 ? length : null,
          content_type: audio.headers.get("Content-Type") ?? "audio/wav",
        };
      }
      await audio.body?.cancel();
      // A recording that is announced but not there yet is a matter of seconds.
      const failure = audio.status === 404 ? "retry" : classifyRefusal(audio.status, null);
      throw new TwilioError({ failure, twilioCode: null, message: `Twilio answered ${audio.status} for a recording.` });
    },

    /** A number (E.164) of the account, and what it does with what comes in; null when it is not the account's. @throws TwilioError; httpStatus 401 for a wrong SID or token */
    async findNumber(number: string): Promise<TwilioNumber | null> {
      const page = await read(await request("GET", "/IncomingPhoneNumbers.json", { PhoneNumber: number, PageSize: "1" }), z.looseObject({ incoming_phone_numbers: z.array(numberSchema) }));
      return page.incoming_phone_numbers.find(({ phone_number }) => phone_number === number) ?? null;
    },

    /** Rings and says something, by a document that goes along with the request (at most 4,000 characters). */
    async callToSay(call: { to: string; from: string; twiml: string; ring_timeout_s: number; time_limit_s: number }): Promise<TwilioCall> {
      const { to, from, twiml, ring_timeout_s, time_limit_s } = call;
      return read(await request("POST", "/Calls.json", { To: to, From: from, Twiml: twiml, Timeout: String(ring_timeout_s), TimeLimit: String(time_limit_s) }), callSchema);
    },

    /** Whether the account answers at all; for the health check. */
    async ping(): Promise<void> {
      await request("GET", ".json");
    },
  };
};

export type TwilioClient = ReturnType<typeof createTwilioClient>;
