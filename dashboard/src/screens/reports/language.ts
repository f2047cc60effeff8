/** The browser's language, if Intl knows such a tag: a system's locale (`en-US@posix`) may come through as none. */
export const knownLanguage = (tag: string): string => {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? "en";
  } catch {
    return "en";
  }
};

// The plot's library asks for it as it is loaded, and would take the screen with it.
if (typeof navigator !== "undefined" && knownLanguage(navigator.language) === "en") Object.defineProperty(navigator, "language", { value: "en", configurable: true });
