/*
 * Sentences that hold no fact: advice that is true of any trade and any place. A page takes its own choice of them, in its own order.
 */

/** What to do before anybody comes. */
export const STEPS: readonly string[] = [
  "Stop using whatever is making it worse, even if that is a nuisance for an hour or so.",
  "Move what could be damaged out of the way, beginning with what is on the floor.",
  "Take a photo before you touch anything, because it is easier to explain with one.",
  "Keep children and pets out of the room until somebody has looked at it.",
  "Open a window if the air is bad, and leave the door to the rest of the house shut.",
  "Put old towels down where people walk, since wet floors are slippery.",
  "Look for the nearest switch or tap that stops it, and only use it if you can reach it safely.",
  "Write down when it began and what you were doing at the time.",
  "Ask the neighbours whether they have the same trouble, as that changes where to look.",
  "Leave panels and covers closed, however tempting a quick look inside may be.",
  "Clear the way from the street door to the place that needs the work.",
  "Note any sound or smell that was not there last week.",
  "Find the keys to gates and cupboards that somebody will have to open.",
  "Tell whoever else lives there what not to use for now.",
  "Check whether it stops by itself when nothing is running.",
  "Put a bucket under it if something drips, and empty it before it is full.",
];

/** What somebody on the phone will want to know. */
export const ASKED: readonly string[] = [
  "What you see, hear or smell, in your own words and in any order.",
  "Since when it has been like this, and whether it comes and goes.",
  "Whether anybody has worked on it before, and what they did.",
  "How old the house is, as far as you know.",
  "Who will open the door, and how to reach that person.",
  "Where a van can stop without being in the way.",
  "Whether it is your own house or whether a landlord has to agree.",
  "What you have tried already, even if it did not help.",
  "Which rooms it touches, and whether it is above or below somebody else.",
  "What has to keep running while the work is done.",
  "Whether there are stairs, low ceilings or narrow doors on the way.",
  "What you would like in the end: a repair, a replacement or only advice.",
  "If somebody in the house is ill or very old, since that changes the order of things.",
  "How you would rather be reached, by phone or by text.",
  "Whether the trouble is worse at some time of the day.",
  "If the same thing has happened to you in another room.",
];

/** What happens when somebody has come. */
export const VISIT: readonly string[] = [
  "Somebody looks at the whole of it before any tool comes out of the van.",
  "You hear in plain words what is wrong and what could be done about it.",
  "You decide what is done, and you may think about it for as long as you like.",
  "Nothing is taken apart before you have agreed to it.",
  "What was opened is closed again, and what was wet is wiped.",
  "Old parts are shown to you if you want to see them.",
  "It is tried out while you watch, so that you know how it should behave.",
  "You are told what to keep an eye on in the weeks that follow.",
  "If something else turns up on the way, it is talked about before it is touched.",
  "Photos are taken of what will be behind a wall again.",
  "What is written down at the end is yours to keep.",
  "Questions are welcome at any point, also those that seem small.",
  "Shoes, dust and noise are kept within bounds as far as the work lets us.",
  "If it cannot be finished, it is left so that you can live with it until it is.",
  "You see how to turn it off yourself, should it ever come back.",
  "Anything that has to be ordered is named, so that you can look it up.",
];

/** What else is worth a thought. */
export const THOUGHTS: readonly string[] = [
  "A small fault that is looked at early is nearly always less trouble than a large one later.",
  "What looks like the same problem may have quite another cause in the house next door.",
  "It helps to know where things are shut off before anything has gone wrong.",
  "A short call costs little time and often shows what can wait and what cannot.",
  "People often ring too late because they hope that it will go away.",
  "Noises tell a lot: a knock, a hiss and a gurgle each have their own meaning.",
  "If you rent, tell the landlord in writing as soon as you notice it.",
  "Keep the papers of earlier work together, since they save whoever comes a lot of searching.",
  "Not everything that looks bad is bad, and it is fine to ask before you worry.",
  "Water, heat and power do not mix, so leave what is near them alone.",
  "A neighbour with the same kind of house is a good source of what usually goes wrong in it.",
  "When the weather turns, old weak spots are the ones that show.",
  "If you are going away, have somebody look in while you are gone.",
  "What is hidden behind a wall is found by patience rather than by force.",
  "Cheap parts are seldom cheap when they have to be changed again.",
  "A good time to ask about it is before the next cold night.",
];

/** How a page begins. `{matter}`: what it is about. */
export const OPENINGS: readonly string[] = [
  "This page is about {matter}, and about what you can do before anybody comes.",
  "If you are looking for help with {matter}, begin with what is below.",
  "Here is what to know about {matter} before you pick up the phone.",
  "When you need somebody for {matter}, a few things are worth knowing.",
  "You have found the page on {matter}: what to do, what to ask and how to reach us.",
  "About {matter}: what helps at once, what can wait, and what we need to hear from you.",
];

export const LEADS: readonly string[] = [
  "Read the steps and then ring; you do not have to know what is wrong.",
  "None of it needs any tools, and you can stop at any point.",
  "Take what fits your case and leave the rest.",
  "It is written for the moment in which something has just gone wrong.",
  "You can read it from the top or go to the part that you need.",
  "Have somebody read it to you while you look for the tap, if that is easier.",
];

export const TITLES: readonly string[] = ["what to do first", "what helps at once", "before you ring", "what to know and ask", "how we go about it", "where to begin"];
export const HEADINGS: Readonly<Record<"steps" | "asked" | "visit" | "thoughts" | "tips" | "near" | "work" | "reach", readonly string[]>> = {
  steps: ["What to do first", "Before anybody comes", "What you can do yourself", "Right now"],
  asked: ["What we ask on the phone", "Have this at hand when you ring", "What to tell us", "When you ring"],
  visit: ["What happens then", "How a visit goes", "When somebody comes", "During the visit"],
  thoughts: ["Also worth a thought", "Good to know", "In the long run", "What people forget"],
  tips: ["From the trade", "What we have learned", "What somebody of the trade would tell you", "Tips of ours"],
  near: ["Around {place}", "Where you are in {place}", "How to say where you are in {place}", "Places near you in {place}"],
  work: ["The work", "What belongs to it", "About the work", "What it is about"],
  reach: ["How to reach us", "Call us", "Where to find us", "When and how to ring"],
};
