import { useHouse } from "../support/house.ts";
import { DAY, instantOf } from "./clocks.ts";
import { CUSTOMER_SCENARIOS } from "./customer.scenarios.ts";
import { OWNER_SCENARIOS } from "./owner.scenarios.ts";
import { playScenarios } from "./scenario.runner.ts";

playScenarios(useHouse({ at: instantOf(DAY.morning) }), [...OWNER_SCENARIOS, ...CUSTOMER_SCENARIOS]);
