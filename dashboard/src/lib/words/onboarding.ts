import { addWords } from "../words.ts";
import { onboarding } from "./onboarding.en.ts";

addWords({ onboarding });
