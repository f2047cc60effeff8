import { wrongRegion } from "../../core/errors.ts";
import { isApiKey, regionOfApiKey } from "../../core/security/api-keys.ts";
import { claimedRegion } from "../../core/security/tokens.ts";
import type { Settings } from "../env.ts";

type Regions = Pick<Settings, "APEX_REGION" | "APEX_REGIONS">;

/** @throws AppError 421 with that region's base URL, when it is another one that we know of */
export const refuseElsewhere = ({ APEX_REGION, APEX_REGIONS }: Regions, region: string | null): void => {
  const base = region === null || region === APEX_REGION ? undefined : APEX_REGIONS.get(region);
  if (base !== undefined) throw wrongRegion(base);
};

/** For a credential that nobody here knows: the region that it names. It proves nothing, and is told no more than what is public. */
export const refuseForeignCredential = (regions: Regions, token: string): void => refuseElsewhere(regions, isApiKey(token) ? regionOfApiKey(token) : claimedRegion(token));
