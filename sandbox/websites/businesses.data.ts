/** Whose websites these are, and who picks up at the phone that the owner gives (see README.md, "Numbers": 9901 answers and presses 1). */
export const BUSINESSES: Readonly<Record<string, { readonly business_name: string; readonly niche: string; readonly country: string; readonly phone: string }>> = {
  tidy: { business_name: "Kauri Plumbing & Gas", niche: "plumber", country: "NZ", phone: "021 222 9901" },
  scripted: { business_name: "Volt Brothers Electrical", niche: "electrician", country: "NZ", phone: "021 223 9901" },
  messy: { business_name: "Wattle Street Dental", niche: "dentist", country: "AU", phone: "0412 229 901" },
  "one-page": { business_name: "Ridgeline Roofing", niche: "roofer", country: "US", phone: "(303) 222-9901" },
  multilingual: { business_name: "Cerrajería Gràcia", niche: "locksmith", country: "ES", phone: "612 229 901" },
  injecting: { business_name: "Ash & Partner", niche: "lawyer", country: "NZ", phone: "021 224 9901" },
};
