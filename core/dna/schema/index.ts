export { brandBrainSchema } from "./brand-brain.ts";
export { formMappingSchema } from "./form-mapping.ts";
export { contactSchema, identitySchema } from "./identity.ts";
export { analyticsSchema, localSeoSchema, publishingSchema, scoutSettingsSchema } from "./local-seo.ts";
export { reactivationSchema } from "./reactivation.ts";
export { retentionSchema } from "./retention.ts";
export { scoringSchema } from "./scoring.ts";
export { serviceSchema, servicesSchema } from "./services.ts";
export { sniperSchema } from "./sniper.ts";
