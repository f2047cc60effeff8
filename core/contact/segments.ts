/** GSM 03.38's basic alphabet: one septet each. */
const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
/** Its extension: two septets each. */
const EXTENDED = new Set("^{}\\[~]|€\f");

/** Septets, or null where a letter is in neither. */
const septetsOf = (body: string): number | null => {
  let septets = 0;
  for (const letter of body) {
    if (!BASIC.has(letter) && !EXTENDED.has(letter)) return null;
    septets += BASIC.has(letter) ? 1 : 2;
  }
  return septets;
};

const segments = (length: number, alone: number, inARow: number): number => (length <= alone ? 1 : Math.ceil(length / inARow));

/** How many segments a text is billed as: 160 septets alone and 153 in a row, or 70 and 67 UTF-16 units with other letters (3GPP TS 23.040). */
export const segmentsOf = (body: string): number => {
  const septets = septetsOf(body);
  return septets === null ? segments(body.length, 70, 67) : segments(septets, 160, 153);
};
