/** A business that has never been, and how its year goes. */
export interface Business {
  projectId: string;
  name: string;
  country: "NZ" | "AU";
  timeZone: string;
  niche: string;
  dialCode: string;
  area: string;
  people: readonly [Person, ...Person[]];
  /** Leads on an average day, before seasons and weekends. */
  leadsADay: number;
  /** By month, January first. */
  seasons: readonly number[];
  /** By day, Monday first. */
  week: readonly number[];
  /** How much busier it is at the year's end than at its beginning. */
  growth: number;
  sources: Readonly<Record<"google_ads" | "wordpress" | "phone" | "sniper", number>>;
  services: readonly [Service, ...Service[]];
  suburbs: readonly [string, ...string[]];
}

export interface Person {
  name: string;
  phone: string;
  /** How likely they answer, and how long it takes them, s. */
  answers: number;
  seconds: number;
}

export interface Service {
  name: string;
  /** Of a usual job, in the business's currency. */
  amount: number;
  asks: readonly [string, ...string[]];
}

export const BUSINESSES: readonly Business[] = [
  {
    projectId: "kauri-plumbing", name: "Kauri Plumbing", country: "NZ", timeZone: "Pacific/Auckland", niche: "plumber", dialCode: "+6421", area: "Auckland",
    people: [{ name: "Dave", phone: "+64212229901", answers: 0.82, seconds: 8 }, { name: "Mere", phone: "+64212239901", answers: 0.9, seconds: 6 }],
    leadsADay: 5.5, growth: 0.5,
    // Burst pipes and cold showers in winter, which is June to August.
    seasons: [0.75, 0.8, 0.9, 1, 1.15, 1.35, 1.45, 1.3, 1.1, 1, 0.9, 0.7], week: [1.2, 1.1, 1.05, 1, 0.95, 0.55, 0.35],
    sources: { google_ads: 0.42, wordpress: 0.3, phone: 0.2, sniper: 0.08 },
    services: [
      { name: "Hot water", amount: 1850, asks: ["No hot water since this morning, the cylinder is twenty years old.", "Our hot water runs out after one shower.", "The cylinder is leaking into the cupboard."] },
      { name: "Drains", amount: 420, asks: ["The kitchen drain is blocked again.", "Water comes up in the shower when the toilet is flushed.", "Tree roots in the drain, can you film it?"] },
      { name: "Plumbing", amount: 260, asks: ["A tap that will not stop dripping.", "There is water under the house.", "Please quote for moving a toilet."] },
    ],
    suburbs: ["Ponsonby", "Grey Lynn", "Herne Bay", "Kingsland", "Mount Eden", "Point Chevalier"],
  },
  {
    projectId: "harbour-electrical", name: "Harbour Electrical", country: "AU", timeZone: "Australia/Sydney", niche: "electrician", dialCode: "+61491", area: "Sydney",
    people: [{ name: "Priya", phone: "+61412229901", answers: 0.88, seconds: 7 }, { name: "Tom", phone: "+61412239901", answers: 0.7, seconds: 12 }, { name: "Lena", phone: "+61412249901", answers: 0.85, seconds: 9 }],
    leadsADay: 4, growth: 0.9,
    // Air conditioning in summer, heaters in winter.
    seasons: [1.4, 1.25, 1, 0.85, 0.9, 1.1, 1.15, 1, 0.9, 0.95, 1.1, 1.2], week: [1.15, 1.1, 1.1, 1.05, 1, 0.45, 0.3],
    sources: { google_ads: 0.5, wordpress: 0.22, phone: 0.18, sniper: 0.1 },
    services: [
      { name: "Switchboards", amount: 1650, asks: ["Our safety switch trips every evening.", "We need a new board before the insurance is renewed."] },
      { name: "Car chargers", amount: 2100, asks: ["What does a charger in a garage cost?", "New car next week, we need a wall box."] },
      { name: "Fault finding", amount: 310, asks: ["Half of the house has no power.", "The lights in the hall flicker.", "A socket smells burnt."] },
    ],
    suburbs: ["Balmain", "Rozelle", "Leichhardt", "Annandale", "Glebe"],
  },
  {
    projectId: "ridgeline-roofing", name: "Ridgeline Roofing", country: "AU", timeZone: "Australia/Adelaide", niche: "roofer", dialCode: "+61492", area: "Adelaide",
    people: [{ name: "Grant", phone: "+61422229901", answers: 0.66, seconds: 13 }, { name: "Sina", phone: "+61422239901", answers: 0.8, seconds: 10 }],
    leadsADay: 2.2, growth: 0.2,
    seasons: [0.6, 0.6, 0.8, 1, 1.3, 1.7, 1.8, 1.5, 1.1, 0.9, 0.8, 0.6], week: [1.3, 1.1, 1, 1, 0.9, 0.5, 0.4],
    sources: { google_ads: 0.3, wordpress: 0.35, phone: 0.3, sniper: 0.05 },
    services: [
      { name: "Roof repairs", amount: 680, asks: ["Two tiles came down in the storm.", "It drips into the bedroom when it rains from the west."] },
      { name: "Gutters", amount: 390, asks: ["The gutters overflow at the back.", "Please clean and mend our gutters."] },
      { name: "New roofs", amount: 14_500, asks: ["We want a quote for a new metal roof.", "The inspector says that the roof is at its end."] },
    ],
    suburbs: ["Unley", "Norwood", "Prospect", "Glenelg", "Mitcham"],
  },
];

export const FIRST_NAMES = ["Aroha", "Olivia", "Jack", "Charlotte", "Wiremu", "Noah", "Grace", "Liam", "Sofia", "Hemi", "Chloe", "Ethan", "Maia", "Lucas", "Isla", "Arjun", "Ruby", "Tane", "Mei", "Oscar"] as const;
export const LAST_NAMES = ["Williams", "Smith", "Ngata", "Brown", "Patel", "Wilson", "Taylor", "Chen", "Anderson", "Kaur", "Thompson", "Martin", "Tui", "Walker", "Harris", "Nguyen", "King", "Scott"] as const;

/** What a business needs to say of itself. */
export const dnaOf = ({ niche, timeZone, area, people, services, suburbs }: Business): string =>
  JSON.stringify({
    identity: { niche, language: timeZone.startsWith("Pacific") ? "en-NZ" : "en-AU", time_zone: timeZone, opening_hours: Object.fromEntries(["mon", "tue", "wed", "thu", "fri"].map((day) => [day, ["07:00-18:00"]])) },
    services: services.map(({ name }) => ({ name, slug: name.toLowerCase().replaceAll(" ", "-"), primary_keywords: [`${name.toLowerCase()} ${area}`] })),
    modules: {
      local_seo: { scout_settings: { geo_scope: { cities: [area], suburbs } } },
      lead_gen: { sales_bridge: { destinations: people.map(({ name, phone }) => ({ name, phone })) } },
    },
  });
