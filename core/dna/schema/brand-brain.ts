import { z } from "zod";
import { text } from "./primitives.ts";

/** How the business speaks, and what it must not say: read by every agent that writes a text. */
export const brandBrainSchema = z.looseObject({
  voice_tone: text(300),
  key_differentiators: z.array(text(500)).max(50).describe("What this business has that others have not; only what is true"),
  insider_tips: z.array(text(500)).max(50).describe("What only somebody of the trade would know to tell a customer"),
  common_objections: z.array(text(500)).max(50).describe("What customers hesitate over, and the direction of an honest answer"),
  forbidden_topics: z.array(text(300)).max(50).describe("What no text may claim or touch, by law, ethics or the owner's wish"),
});
