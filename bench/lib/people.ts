/* Phone numbers of people who do not exist: New Zealand mobiles, each used by one person only. */

const PER_BLOCK = 8_000;

/** Six digits, none of them a number that the sandbox gives a behaviour by its last four (those are 99xx). */
const digits = (index: number): string => `${String(Math.floor(index / PER_BLOCK)).padStart(2, "0")}${1_000 + (index % PER_BLOCK)}`;

export const customerPhone = (index: number): string => `+64211${digits(index)}`;
export const ownerPhone = (index: number): string => `+64212${digits(index)}`;

/** An owner who answers after 5 s and presses 1 (sandbox/README.md). */
export const slowOwnerPhone = (index: number): string => `+64213${String(index).padStart(2, "0")}9902`;

/** What Contact Form 7 posts for a visitor. */
export const contactForm = (index: number): URLSearchParams =>
  new URLSearchParams({
    _wpcf7: "5",
    _wpcf7_version: "6.0",
    "your-name": `Visitor ${index}`,
    "your-email": `visitor-${index}@example.com`,
    "your-tel": customerPhone(index),
    "your-message": "Our hot water cylinder is leaking through the ceiling, can somebody come today?",
  });
