import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { wavBytes, wavChunks } from "../audio/recording.stream.ts";
import type { ApiCall, ApiRoute, Reply } from "./api.ts";
import { recordingWish } from "./calls.routes.ts";
import { TwilioError } from "./errors.ts";
import { isOver } from "./leg.ts";
import { pageOf, timeFilter } from "./lists.ts";
import { layoutFor, recordingResource, type Recording } from "./recording.ts";
import type { Recordings } from "./recordings.ts";
import type { Switchboard } from "./switchboard.ts";

const RECORDING_PATH = /^(?:\/Calls\/CA[0-9a-f]+)?\/Recordings\/(RE[0-9a-f]+)\.json$/;

export function recordingRoutes(recordings: Recordings, switchboard: Switchboard): readonly ApiRoute[] {
  function recordingOf(call: ApiCall): Recording {
    const recording = recordings.find(call.accountSid, call.parts.find((part) => part.startsWith("RE")) ?? "");
    if (recording === undefined) throw new TwilioError(20404, 404);
    return recording;
  }

  function start(call: ApiCall): Reply {
    const leg = switchboard.find(call.accountSid, call.parts[0] ?? "");
    if (leg === undefined) throw new TwilioError(20404, 404);
    // Two recordings by the API cannot run together, and only a call that is going on has a sound.
    if (isOver(leg) || leg.answeredAt === null || recordings.runningByApi(leg.parentSid ?? leg.sid) !== undefined) throw new TwilioError(21220);
    const recording = recordings.start(leg, recordingWish(call.form, "StartCallRecordingAPI"));
    return { status: 201, body: recordingResource(recording, call.origin) };
  }

  /** Only stopping is played; a pause would need a sound of its own. */
  function update(call: ApiCall): Reply {
    const sid = call.parts[1] ?? "";
    const recording = sid === "Twilio.CURRENT" ? recordings.runningByApi(call.parts[0] ?? "") : recordings.find(call.accountSid, sid);
    if (recording === undefined) throw new TwilioError(20404, 404);
    if (call.form.get("Status") !== "stopped" || recording.status !== "in-progress") throw new TwilioError(21220);
    recordings.stop(recording, switchboard.find(call.accountSid, recording.legSid) ?? null);
    return { status: 200, body: recordingResource(recording, call.origin) };
  }

  function list(call: ApiCall): Reply {
    const inTime = timeFilter(call.query, "DateCreated");
    const callSid = call.parts[0] ?? call.query.get("CallSid");
    const found = recordings.all(call.accountSid, callSid).filter((recording) => inTime(recording.createdAt));
    return { status: 200, body: pageOf("recordings", found, (recording) => recordingResource(recording, call.origin), call.exchange.url) };
  }

  function remove(call: ApiCall): Reply {
    const recording = recordingOf(call);
    if (recording.status === "in-progress") throw new TwilioError(21220);
    recordings.remove(recording);
    return { status: 204 };
  }

  /** The sound goes out piece by piece, as fast as the client takes it. */
  function media(call: ApiCall): Reply {
    const recording = recordingOf(call);
    // There is no encoder here, so there is no MP3 of anything.
    if (recording.status !== "completed" || call.parts[1] === ".mp3") throw new TwilioError(20404, 404);
    const layout = layoutFor(recording, call.query.get("RequestedChannels"));
    if (layout === undefined) throw new TwilioError(20001);
    const { response, method } = call.exchange;
    return {
      status: 200,
      send: async () => {
        response.setHeader("Content-Type", "audio/x-wav");
        if (!call.chunked) response.setHeader("Content-Length", wavBytes(recording.sound, layout));
        response.writeHead(200);
        if (method === "HEAD") response.end();
        // A client that goes away early is no mistake of ours.
        else await pipeline(Readable.from(wavChunks(recording.sound, layout)), response).catch(() => undefined);
      },
    };
  }

  return [
    { methods: ["POST"], path: /^\/Calls\/(CA[0-9a-f]+)\/Recordings\.json$/, target: "updates", handle: start },
    { methods: ["GET"], path: /^(?:\/Calls\/(CA[0-9a-f]+))?\/Recordings\.json$/, target: "reads", handle: list },
    { methods: ["POST"], path: /^\/Calls\/(CA[0-9a-f]+)\/Recordings\/(RE[0-9a-f]+|Twilio\.CURRENT)\.json$/, target: "updates", handle: update },
    { methods: ["GET"], path: RECORDING_PATH, target: "reads", handle: (call) => ({ status: 200, body: recordingResource(recordingOf(call), call.origin) }) },
    { methods: ["DELETE"], path: RECORDING_PATH, target: "updates", handle: remove },
    { methods: ["GET", "HEAD"], path: /^\/Recordings\/(RE[0-9a-f]+)(\.wav|\.mp3)?$/, target: "media", handle: media },
  ];
}
