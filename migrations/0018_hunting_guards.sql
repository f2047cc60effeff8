-- A row never changes its tenant.
CREATE TRIGGER lead_keys_keep_tenant BEFORE UPDATE OF tenant_id ON lead_keys WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER schedules_keep_tenant BEFORE UPDATE OF tenant_id ON schedules WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
