-- A row never changes its tenant.
CREATE TRIGGER campaigns_keep_tenant BEFORE UPDATE OF tenant_id ON campaigns WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER campaign_recipients_keep_tenant BEFORE UPDATE OF tenant_id ON campaign_recipients WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
-- What was shown is what is sent: a text that was shown is not written anew, but emptied when its person is erased.
CREATE TRIGGER campaign_recipients_keep_text BEFORE UPDATE OF body ON campaign_recipients
WHEN OLD.body IS NOT NEW.body AND NEW.body <> '' AND (SELECT status FROM campaigns WHERE id = OLD.campaign_id) <> 'preparing'
BEGIN SELECT RAISE(ABORT, 'a text that was shown is not written anew'); END;
--> statement-breakpoint
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
