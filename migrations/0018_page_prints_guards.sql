-- A row never changes its tenant.
CREATE TRIGGER page_prints_keep_tenant BEFORE UPDATE OF tenant_id ON page_prints WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER page_bands_keep_tenant BEFORE UPDATE OF tenant_id ON page_bands WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
