import { z } from "zod";

/** Who may be on one channel of a two-channel recording. */
export type Party = "owner" | "customer";

/** `speaker` is `unknown` where a recording has all voices on one channel; times are seconds from the start of the recording. */
const segmentSchema = z.object({ speaker: z.enum(["owner", "customer", "unknown"]), start_s: z.number(), end_s: z.number(), text: z.string() });
export type TranscriptSegment = z.infer<typeof segmentSchema>;

/**
 * `segments` in the order of their start, empty when nobody spoke; `text` has one line a segment: `Owner: …`, `Customer: …`,
 * or `Speaker: …`.
 */
export const transcriptSchema = z.object({ segments: z.array(segmentSchema), text: z.string() });
export type Transcript = z.infer<typeof transcriptSchema>;

/** What a model is asked for about one channel. Its bounds are ours (`transcript.ts`): a model that talks on is cut, not refused. */
export const heardSchema = z.object({
  segments: z.array(
    z.object({
      start_s: z.number().describe("Seconds from the start of the audio to the first word"),
      end_s: z.number().describe("Seconds from the start of the audio to the end of the last word"),
      text: z.string().describe("The words as they were spoken"),
    }),
  ),
});
export type Heard = z.infer<typeof heardSchema>;
