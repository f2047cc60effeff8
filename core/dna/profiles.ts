import defaults from "../../profiles/defaults.yaml";
import dentist from "../../profiles/verticals/dentist.yaml";
import electrician from "../../profiles/verticals/electrician.yaml";
import lawyer from "../../profiles/verticals/lawyer.yaml";
import locksmith from "../../profiles/verticals/locksmith.yaml";
import plumber from "../../profiles/verticals/plumber.yaml";
import roofer from "../../profiles/verticals/roofer.yaml";
import type { Profiles } from "./compose.ts";

/** `profiles/`, as the bundle carries it. */
export const bundledProfiles: Profiles = {
  defaults,
  verticals: new Map(Object.entries({ dentist, electrician, lawyer, locksmith, plumber, roofer })),
};
