/** Characters of GSM 03.38's basic table, which take seven bits … */
const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
/** … and of its extension, which take an escape before them. */
const EXTENDED = new Set("\f^{}\\[~]|€");

export interface SmsSize {
  encoding: "GSM-7" | "UCS-2";
  /** Septets of GSM-7, or UTF-16 units of UCS-2. */
  units: number;
  /** What the carrier charges for: 160 septets alone and 153 in a row, or 70 and 67 units (3GPP TS 23.040, 9.2.3.24.1). */
  segments: number;
}

const sizeOf = (encoding: SmsSize["encoding"], units: number, alone: number, inRow: number): SmsSize => ({ encoding, units, segments: units <= alone ? 1 : Math.ceil(units / inRow) });

/** How large a text is on the air. One character that GSM-7 does not have makes all of it UCS-2. */
export const smsSize = (text: string): SmsSize => {
  const letters = Array.from(text);
  if (letters.some((letter) => !BASIC.has(letter) && !EXTENDED.has(letter))) return sizeOf("UCS-2", text.length, 70, 67);
  const septets = letters.reduce((sum, letter) => sum + (EXTENDED.has(letter) ? 2 : 1), 0);
  return sizeOf("GSM-7", septets, 160, 153);
};
