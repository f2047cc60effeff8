export { brandBrainSchema } from "./brand-brain.ts";
export { formMappingSchema } from "./form-mapping.ts";
export { identitySchema } from "./identity.ts";
export { localSeoSchema } from "./local-seo.ts";
export { reactivationSchema } from "./reactivation.ts";
export { retentionSchema } from "./retention.ts";
export { scoringSchema } from "./scoring.ts";
export { serviceSchema, servicesSchema } from "./services.ts";
export { sniperSchema } from "./sniper.ts";
