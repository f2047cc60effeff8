import { useHouse } from "../support/house.ts";
import { DAY, instantOf } from "./clocks.ts";
import { KILL_SCENARIOS, OUTAGE_SCENARIOS } from "./durability.scenarios.ts";
import { playScenarios } from "./scenario.runner.ts";

playScenarios(useHouse({ at: instantOf(DAY.morning), interrupted: true }), [...KILL_SCENARIOS, ...OUTAGE_SCENARIOS], { together: false });
