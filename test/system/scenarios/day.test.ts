import { useHouse } from "../support/house.ts";
import { DAY, instantOf } from "./clocks.ts";
import { CONSENT_SCENARIOS } from "./consent.scenarios.ts";
import { CUSTOMER_SCENARIOS } from "./customer.scenarios.ts";
import { NIGHT_SCENARIOS } from "./hours.scenarios.ts";
import { INBOUND_SCENARIOS } from "./inbound.scenarios.ts";
import { OWNER_SCENARIOS } from "./owner.scenarios.ts";
import { playScenarios } from "./scenario.runner.ts";
import { TEXT_SCENARIOS } from "./texts.scenarios.ts";

playScenarios(useHouse({ at: instantOf(DAY.morning) }), [...OWNER_SCENARIOS, ...CUSTOMER_SCENARIOS, ...INBOUND_SCENARIOS, ...TEXT_SCENARIOS, ...CONSENT_SCENARIOS, ...NIGHT_SCENARIOS]);
