import { z } from "zod";
import { type Call, callsSchema } from "../support/api.schemas.ts";
import type { House } from "../support/house.ts";
import { linesOf } from "../support/recording.ts";
import { instantOf } from "./clocks.ts";
import type { CallSeen, Sight } from "./scenario.types.ts";
import type { Stage } from "./stage.ts";

/*
 * Compares what a scenario says with what is to be seen from outside: the API, and the log of the vendors. Each comparison gives
 * the differences in words; none means that it is as it should be.
 */

/** Sequels of a conversation's recording, and texts, which have entries of their own and any order. */
const NOT_STORY = new Set(["sms_owner", "sms_customer", "recorded", "transcribed", "analysed"]);
export const storyOf = (call: Pick<Call, "timeline">): string => call.timeline.map(({ event }) => event).filter((event) => !NOT_STORY.has(event)).join(" ");

const differs = (what: string, seen: unknown, wanted: unknown): string[] => (JSON.stringify(seen) === JSON.stringify(wanted) ? [] : [`${what} is ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`]);

const callDiffers = (call: Call, wanted: CallSeen, which: string): string[] => {
  const held = call.timeline.findLast(({ event }) => event === "held");
  const told = call.timeline.flatMap(({ event, detail }) => Object.entries(detail).map(([key, value]) => `${event} ${key}=${String(value)}`));
  return [
    ...differs(`${which} end_reason`, call.end_reason, wanted.end),
    ...differs(`${which} direction`, call.direction, wanted.direction ?? "outbound"),
    ...(wanted.status === "any" ? [] : wanted.end === null || wanted.status !== undefined ? differs(`${which} status`, call.status, wanted.status) : differs(`${which} status`, call.status, "ended")),
    ...(wanted.story === undefined ? [] : differs(`${which} story`, storyOf(call), wanted.story)),
    ...(wanted.held_until === undefined ? [] : differs(`${which} held until`, held?.detail["until"], new Date(instantOf(wanted.held_until)).toISOString())),
    ...(wanted.detail ?? []).filter((detail) => !told.includes(detail)).map((detail) => `${which} lacks ${JSON.stringify(detail)} in ${JSON.stringify(told)}`),
  ];
};

/** Words apart from each other by ` … `. */
const hasWords = (body: string, words: string): boolean => words.split(" … ").every((part) => body.includes(part));

const textsDiffer = (name: string, bodies: readonly string[], wanted: readonly string[]): string[] => {
  const left = [...bodies];
  const missing = wanted.filter((words) => {
    const found = left.findIndex((body) => hasWords(body, words));
    if (found >= 0) left.splice(found, 1);
    return found < 0;
  });
  return [...missing.map((words) => `${name} has no text with ${JSON.stringify(words)}, only ${JSON.stringify(bodies)}`), ...(missing.length > 0 ? [] : left.map((body) => `${name} has one text too many: ${JSON.stringify(body)}`))];
};

const heardInOrder = (name: string, heard: readonly string[], wanted: readonly string[]): string[] => {
  let place = 0;
  for (const words of wanted) {
    const found = heard.findIndex((text, index) => index >= place && hasWords(text, words));
    if (found < 0) return [`${name} did not hear ${JSON.stringify(words)} after that; heard ${JSON.stringify(heard)}`];
    place = found;
  }
  return [];
};

const isPartOf = (wanted: Readonly<Record<string, unknown>>, seen: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(wanted).every(([key, value]) => JSON.stringify(seen[key] ?? null) === JSON.stringify(value));

const statsSchema = z.object({ leads: z.object({ total: z.number() }), calls: z.object({ total: z.number(), missed_inbound: z.number() }) });

/** The card's page shows the lead; a changed link shows nothing. */
const cardDiffers = async (house: House, stage: Stage, [whose, of]: readonly [string, string]): Promise<string[]> => {
  const link = house.log.textsTo(stage.phoneOf(whose)).flatMap(({ body }) => /https?:\S+\/l\/\S+/.exec(body) ?? [])[0];
  if (link === undefined) return [`${whose} has no link`];
  const [page, forged] = await Promise.all([fetch(link), fetch(`${link.slice(0, -1)}${link.endsWith("A") ? "B" : "A"}`)]);
  const html = await page.text();
  await forged.arrayBuffer();
  return [
    ...differs("the card's page", [page.status, page.headers.get("Content-Type")?.split(";")[0]], [200, "text/html"]),
    ...[`tel:${stage.phoneOf(of)}`, "Jane Doe"].filter((part) => !html.includes(part)).map((part) => `the card lacks ${part}`),
    ...differs("the forged card", forged.status, 404),
  ];
};

/** What of this scenario is not as it is to be; empty when all is. */
export const differences = async (house: House, stage: Stage, sight: Partial<Sight>): Promise<string[]> => {
  const { client } = stage.tenant;
  const { project_id } = stage;
  const found: string[] = [];
  const names = [...stage.phones.keys()];
  const legs = house.log.legs();
  const legsOf = (name: string) => legs.filter((leg) => leg.to === stage.phoneOf(name));

  if (sight.rung) {
    const { rung } = sight;
    const counted = (of: (name: string) => number): Record<string, number> => Object.fromEntries(names.map((name) => [name, of(name)]));
    found.push(...differs("rung", counted((name) => legsOf(name).length), counted((name) => rung[name] ?? 0)));
  }
  for (const name of sight.texts ? names : []) found.push(...textsDiffer(name, house.log.textsTo(stage.phoneOf(name)).map(({ body }) => body), sight.texts?.[name] ?? []));

  const onThePhone = (name: string): string[] =>
    legs.filter((leg) => leg.to === stage.phoneOf(name) || leg.from === stage.phoneOf(name)).flatMap((leg) => house.log.heardBy(leg.sid).map(({ text }) => text));
  for (const [name, words] of Object.entries(sight.heard ?? {})) found.push(...heardInOrder(name, onThePhone(name), words));
  for (const [name, words] of Object.entries(sight.unheard ?? {})) found.push(...words.filter((word) => onThePhone(name).some((text) => hasWords(text, word))).map((word) => `${name} heard ${JSON.stringify(word)}`));
  for (const [name, status] of Object.entries(sight.legs ?? {})) found.push(...differs(`${name}'s leg`, legsOf(name).at(-1)?.status, status));
  if (sight.order) {
    const { order } = sight;
    found.push(...differs("order", order.toSorted((a, b) => (legsOf(a)[0]?.began ?? Infinity) - (legsOf(b)[0]?.began ?? Infinity)), order));
  }
  const together = (sight.never_together ?? []).flatMap(legsOf).toSorted((a, b) => a.began - b.began);
  found.push(...together.filter((leg, index) => leg.began < (together[index - 1]?.ended ?? 0)).map((leg) => `two of their phones were used at once: ${leg.to}`));
  if (found.length > 0) return found;

  if (sight.calls) {
    const listed = (await client.ask("GET", `/api/calls?project_id=${project_id}`)).as(callsSchema).items.toReversed();
    const { calls } = sight;
    if (listed.length !== calls.length) return [`${listed.length} calls, not ${calls.length}: ${JSON.stringify(listed.map((call) => [call.direction, call.status, call.end_reason]))}`];
    found.push(...calls.flatMap((wanted, index) => callDiffers(listed[index] as Call, wanted, `call ${index + 1}`)));
    if (sight.speakers && found.length === 0) {
      const call = await client.call(listed.at(-1)?.id ?? "");
      const said = new Set((call.transcription?.segments ?? []).map(({ speaker }) => speaker));
      found.push(...differs("speakers", [...said].toSorted(), sight.speakers === "both" ? ["customer", "owner"] : ["customer"]));
      const misheard = (call.transcription?.segments ?? []).filter(({ speaker, text }) => (speaker === "owner" || speaker === "customer") && !linesOf(speaker).has(text));
      found.push(...misheard.map(({ speaker, text }) => `${speaker} never says ${JSON.stringify(text)}`));
    }
  }
  if (sight.leads && found.length === 0) {
    const { items } = await client.entities({ project_id, type: "lead" });
    const wanted = Object.entries(sight.leads);
    found.push(...differs("leads", items.length, wanted.length));
    for (const [name, state] of wanted) {
      const lead = items.find(({ primary_contact }) => primary_contact === (name === "hidden" ? "" : stage.phoneOf(name)));
      const metadata = typeof state === "string" ? { status: state } : state;
      if (!lead || !isPartOf(metadata, lead.metadata)) found.push(`the lead of ${name} is ${JSON.stringify(lead?.metadata ?? null)}, not ${JSON.stringify(metadata)}`);
    }
  }
  if (sight.card && found.length === 0) found.push(...(await cardDiffers(house, stage, sight.card)));
  if (sight.stats && found.length === 0) {
    const { leads, calls } = (await client.ask("GET", `/api/stats?project_id=${project_id}`)).as(statsSchema);
    const seen = { leads: leads.total, calls: calls.total, missed_inbound: calls.missed_inbound };
    if (!isPartOf(sight.stats, seen)) found.push(`the figures are ${JSON.stringify(seen)}, not ${JSON.stringify(sight.stats)}`);
  }
  return found;
};
