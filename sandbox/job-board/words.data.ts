/** What people ask for on boards of this kind, in their own words. `{place}` and `{phone}` are filled in. */
export interface Wish {
  readonly trade: string;
  readonly title: string;
  readonly text: string;
}

export const WISHES: readonly Wish[] = [
  { trade: "plumber", title: "Need a plumber ASAP, burst pipe", text: "Burst pipe under the kitchen sink in {place}, water everywhere, main is off. Need a plumber today please." },
  { trade: "plumber", title: "Blocked drain at the back of the house", text: "Drain is blocked and smells, sink backs up when the washing machine runs. {place}. Looking for a plumber this week." },
  { trade: "plumber", title: "No hot water since last night", text: "Cylinder went cold, two kids in the house. Can anybody in {place} come today? Happy to pay a call-out." },
  { trade: "plumber", title: "Can someone recommend a plumber for a leaking tap", text: "Leaking tap in the bathroom, been dripping for weeks. No rush, any day in {place} suits." },
  { trade: "plumber", title: "New toilet to be fitted", text: "We have bought the toilet already, need a plumber in {place} to take the old one out and fit it. Flexible on time." },
  { trade: "electrician", title: "Switchboard keeps tripping", text: "Power goes off every time the heat pump starts. Need a registered electrician in {place} urgently." },
  { trade: "electrician", title: "Quote for EV charger", text: "Garage in {place}, about eight metres from the board. After a quote from an electrician." },
  { trade: "roofer", title: "Roof leaking after the storm", text: "Water coming through the ceiling in {place}. Iron roof, two storeys. Need a roofer before the next rain." },
  { trade: "locksmith", title: "Locked out of my flat", text: "Keys inside, standing at the door in {place}. Locksmith needed now." },
  { trade: "painter", title: "Paint three bedrooms", text: "Three bedrooms and a hall in {place}, walls only, some time before Christmas." },
];

/** Posts that are no wish for a trade: what a hunt is to leave out. */
export const NOISE: readonly Wish[] = [
  { trade: "none", title: "Plumber available, 20 years of experience", text: "Licensed plumber looking for work, apprentice wanted too. Call {phone}." },
  { trade: "none", title: "Free sofa, pick up in {place}", text: "Three-seater, some cat damage, first come first served." },
  { trade: "none", title: "Hiring: plumbing apprentice", text: "Vacancy for an apprentice in {place}, full-time, start in January." },
];

export const PLACES: readonly string[] = ["Ponsonby", "Epsom", "Mt Eden", "Grey Lynn", "Henderson", "Takapuna", "Sydney"];
