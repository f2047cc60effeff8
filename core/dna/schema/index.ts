export { brandBrainSchema } from "./brand-brain.ts";
export { contactSchema, identitySchema } from "./identity.ts";
export { formMappingSchema, reactivationSchema, scoringSchema, sniperSchema } from "./lead-gen.ts";
export { localSeoSchema, publishingSchema, scoutSettingsSchema } from "./local-seo.ts";
export { retentionSchema } from "./retention.ts";
export { serviceSchema, servicesSchema } from "./services.ts";
