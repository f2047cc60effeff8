/** E.164, the only form that Twilio takes for an ordinary number. */
export function isE164(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text);
}
