/**
 * Lines that nobody writes for people. Few and narrow, since a person may write "agents, please reply now" and must not be lost by it.
 * Leaving them out only spares owner and model the noise: that they do no harm is seen to by the fence and by what code looks up.
 */
const ORDERS = [
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?)\b/i,
  /\b(?:system|developer)\s+prompt\b|^\W*(?:system|assistant|developer)\s*:/i,
];

export const ordersMachines = (line: string): boolean => ORDERS.some((pattern) => pattern.test(line));
