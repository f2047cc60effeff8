import type { ServerResponse } from "node:http";
import { sendJson } from "../kit/http.ts";

const MESSAGES: Readonly<Record<number, string>> = {
  20001: "A parameter is missing or not valid",
  20003: "Authenticate",
  20404: "The requested resource was not found",
  20405: "Method not allowed",
  20429: "Too Many Requests",
  21201: "No 'To' number is specified",
  21205: "Url parameter is missing or is not a valid URL",
  21210: "The source phone number provided is not yet verified for your account",
  21211: "The 'To' number is not a valid phone number",
  21212: "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID",
  21213: "'From' phone number is required",
  21214: "'To' phone number cannot be reached",
  21217: "Phone number does not appear to be valid",
  21220: "Call is not in a state that allows this",
  21602: "Message body is required",
  21603: "A 'From' phone number is required",
  21604: "'To' phone number is required to send a message",
  21606: "The From phone number is not a valid, SMS-capable inbound phone number or short code for your account",
  21609: "The 'StatusCallback' URL is not a valid URL",
  21610: "Attempt to send to unsubscribed recipient",
  21614: "'To' number is not a valid mobile number",
  21617: "The concatenated message body exceeds the 1600 character limit",
};

/** A refusal in Twilio's own form. */
export class TwilioError extends Error {
  override readonly name = "TwilioError";
  readonly status: number;
  readonly code: number;

  constructor(code: number, status = 400) {
    super(MESSAGES[code] ?? "The request was refused");
    this.code = code;
    this.status = status;
  }
}

export function sendTwilioError(response: ServerResponse, error: TwilioError, headers: Readonly<Record<string, string>> = {}): void {
  const { code, message, status } = error;
  sendJson(response, status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers);
}
