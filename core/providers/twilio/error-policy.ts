/*
 * What Twilio's numbers mean for us (CONTRACTS 1.9, after Twilio's error dictionary): one table for refusals of a request
 * and for delivery reports.
 */

export type ErrorPolicy =
  /** It is wrong and stays wrong until somebody mends it: `phone` the number that was to be reached, `request` what we asked for. */
  | { act: "fix_data"; of: "phone" | "request"; meaning: string; textable: boolean }
  /** The person said stop to Twilio or their carrier: never again. */
  | { act: "suppress"; meaning: string }
  /** Credentials, permissions, registration: the owner or operator must act. */
  | { act: "alert"; meaning: string }
  /** Later it may work. */
  | { act: "retry"; meaning: string };

const phone = (meaning: string): ErrorPolicy => ({ act: "fix_data", of: "phone", meaning, textable: true });
/** The number is real, but no text arrives at it. */
const notTextable = (meaning: string): ErrorPolicy => ({ act: "fix_data", of: "phone", meaning, textable: false });
const request = (meaning: string): ErrorPolicy => ({ act: "fix_data", of: "request", meaning, textable: true });
const suppress = (meaning: string): ErrorPolicy => ({ act: "suppress", meaning });
const alert = (meaning: string): ErrorPolicy => ({ act: "alert", meaning });
const retry = (meaning: string): ErrorPolicy => ({ act: "retry", meaning });

const POLICIES: ReadonlyMap<number, ErrorPolicy> = new Map([
  [21201, request("no number to call was given")],
  [21205, request("a callback address is not valid")],
  [21211, phone("the number is not valid")],
  [21212, request("the sender's number is not valid")],
  [21214, phone("the number cannot be reached")],
  [21217, phone("the number is not valid")],
  [21401, phone("the number is not valid")],
  [21421, phone("the number is not valid")],
  [21614, notTextable("the number is not a mobile")],
  [21617, request("the text is longer than 1,600 characters")],
  [13214, request("the caller id is not valid")],
  [13223, phone("the number is not written as a phone number")],
  [13224, phone("the number is not supported or not valid")],
  [13226, phone("the number's country is not valid")],
  [21220, request("the call was not in a state for that")],
  [20404, request("Twilio does not know it")],

  [21610, suppress("the person opted out")],
  [30004, suppress("the number is blocked from receiving texts")],

  [20003, alert("Twilio refuses our credentials")],
  [10001, alert("the Twilio account is not active")],
  [21210, alert("the sender's number is not verified")],
  [21219, alert("the number is not verified, which a trial account demands")],
  [21608, alert("the number is not verified, which a trial account demands")],
  [21215, alert("the account may not call that country")],
  [13227, alert("the account may not call that country")],
  [21216, alert("the number is on Twilio's block list")],
  [13225, alert("the number is on Twilio's block list")],
  [21408, alert("the account may not text that country")],
  [21606, alert("the sender's number cannot send texts")],
  [21609, alert("the address for delivery reports is not valid")],
  [21612, alert("there is no route from the sender's number to this one")],
  [30002, alert("the Twilio account is suspended")],
  [30007, alert("a carrier filtered the text as unwanted")],
  [30023, alert("the day's allowance of the 10DLC registration is used up")],
  [30032, alert("the toll-free sender is not verified")],
  [30034, alert("the sender is not registered for 10DLC")],
  [30450, alert("Twilio blocked the text as fraud")],
  [11235, alert("our certificate is not trusted")],
  [11237, alert("our certificate is not trusted")],
  [11750, alert("our document is too large")],
  [12100, alert("our document cannot be read")],
  [12300, alert("our document has the wrong content type")],

  [20429, retry("too many requests at once")],
  [10004, retry("too many calls at once")],
  [21611, retry("the sender's queue is full")],
  [30001, retry("the sender's queue is full")],
  [30003, retry("the phone cannot be reached just now")],
  [30005, phone("the number is unknown to its network")],
  [30006, notTextable("the number is a landline or its network takes no texts")],
  [30008, retry("the network says nothing about why")],
  [30009, retry("a part of the text was lost")],
  [30022, retry("the 10DLC registration's pace was exceeded")],
  [30410, retry("the network did not answer in time")],
]);

/** @returns undefined for a number that the table does not know */
export const policyOf = (code: number | null): ErrorPolicy | undefined => (code === null ? undefined : POLICIES.get(code));

/**
 * For a text that did not arrive. Without a number nobody knows why, so it is worth another try; a number that we do not know is
 * for a person to look at.
 */
export const deliveryPolicyOf = (code: number | null): ErrorPolicy =>
  policyOf(code) ?? (code === null ? retry("no reason was given") : alert(`Twilio gave the number ${code}`));

/** Every number of the table; for tests and documents. */
export const knownCodes: readonly number[] = [...POLICIES.keys()];
