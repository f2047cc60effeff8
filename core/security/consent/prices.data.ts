import { describePhone } from "../../phone.ts";
import type { Channel } from "../../memory/opt-outs.store.ts";

/*
 * ESTIMATES for the money cap, in micro-dollars: Twilio's public list prices as remembered of 2025, carrier fees included and
 * rounded up; to be checked against the price pages, twilio.com/en-us/voice/pricing and twilio.com/en-us/sms/pricing. When a contact is over, what it used takes its estimate's place (`ContactLimiter.settle`).
 */

interface Prices {
  /** A text of two segments. */
  sms: number;
  /** A minute to a fixed line, to a mobile. */
  fixed_minute: number;
  mobile_minute: number;
}

const PRICES: Readonly<Record<string, Prices>> = {
  US: { sms: 24_000, fixed_minute: 14_000, mobile_minute: 14_000 },
  CA: { sms: 30_000, fixed_minute: 14_000, mobile_minute: 14_000 },
  NZ: { sms: 210_000, fixed_minute: 28_000, mobile_minute: 100_000 },
  AU: { sms: 104_000, fixed_minute: 26_000, mobile_minute: 75_000 },
  GB: { sms: 106_000, fixed_minute: 16_000, mobile_minute: 31_000 },
  IE: { sms: 180_000, fixed_minute: 16_000, mobile_minute: 60_000 },
};
const ELSEWHERE: Prices = { sms: 250_000, fixed_minute: 150_000, mobile_minute: 300_000 };

/** Of the prices of texts above. */
const SEGMENTS_A_PRICE = 2;

/** What a call is reserved with; most end sooner. */
const MINUTES_RESERVED = 5;

/** What comes in: a minute, and a segment of a text. */
const INCOMING = { minute: 10_000, segment: 8_300 };

const isFixed = (type: string | null): boolean => type === "fixed_line" || type === "toll_free";
const pricesOf = (country: string | null): Prices => PRICES[country ?? ""] ?? ELSEWHERE;

/**
 * What a leg that was answered has cost, by begun minutes.
 * @param phone E.164 of whom we rang; null: somebody of `country`, on a mobile
 */
export const outgoingLegMicros = ({ phone, country, seconds }: { phone: string | null; country: string; seconds: number }): number => {
  const known = phone === null ? null : describePhone(phone);
  const prices = pricesOf(known?.country ?? country);
  return Math.ceil(seconds / 60) * (known !== null && isFixed(known.type) ? prices.fixed_minute : prices.mobile_minute);
};
export const incomingLegMicros = (seconds: number): number => Math.ceil(seconds / 60) * INCOMING.minute;

/** @param phone E.164 of whom the text went to; null: it came in */
export const textMicros = ({ phone, segments }: { phone: string | null; segments: number }): number =>
  phone === null ? segments * INCOMING.segment : Math.ceil((segments * pricesOf(describePhone(phone).country).sms) / SEGMENTS_A_PRICE);

/** @param phone E.164 @returns micro-dollars */
export const estimatedMicros = ({ channel, phone }: { channel: Channel; phone: string }): number => {
  const { country, type } = describePhone(phone);
  const prices = pricesOf(country);
  if (channel === "sms") return prices.sms;
  return MINUTES_RESERVED * (isFixed(type) ? prices.fixed_minute : prices.mobile_minute);
};

const SEGMENTS_OF_A_TEXT = 2;

/** A text of so many segments. @param phone E.164 @returns micro-dollars */
export const smsMicros = (phone: string, segments: number): number => Math.ceil((estimatedMicros({ channel: "sms", phone }) / SEGMENTS_OF_A_TEXT) * segments);
