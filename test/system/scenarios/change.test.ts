import { useHouse } from "../support/house.ts";
import { CHANGE, instantOf } from "./clocks.ts";
import { CHANGE_SCENARIOS } from "./hours.scenarios.ts";
import { playScenarios } from "./scenario.runner.ts";

playScenarios(useHouse({ at: instantOf(CHANGE.before) }), CHANGE_SCENARIOS);
