/**
 * Put behind the address of a callback. Twilio by itself repeats a request only when it could not connect (CONTRACTS 1.8); with
 * this it does so three times, after a 5xx or a time-out too. Each of ours is safe to receive again.
 */
export const AGAIN = "#rc=3&rp=5xx,ct,rt";
