-- A row never changes its tenant.
CREATE TRIGGER page_prints_keep_tenant BEFORE UPDATE OF tenant_id ON page_prints WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER page_bands_keep_tenant BEFORE UPDATE OF tenant_id ON page_bands WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
-- A row never changes its tenant.
CREATE TRIGGER leases_keep_tenant BEFORE UPDATE OF tenant_id ON leases WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
-- A row never changes its tenant.
CREATE TRIGGER page_hosts_keep_tenant BEFORE UPDATE OF tenant_id ON page_hosts WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER hosted_pages_keep_tenant BEFORE UPDATE OF tenant_id ON hosted_pages WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER page_views_keep_tenant BEFORE UPDATE OF tenant_id ON page_views WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
