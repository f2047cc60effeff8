-- A row never changes its tenant.
CREATE TRIGGER phone_numbers_keep_tenant BEFORE UPDATE OF tenant_id ON phone_numbers WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER twilio_accounts_keep_tenant BEFORE UPDATE OF tenant_id ON twilio_accounts WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER destination_checks_keep_tenant BEFORE UPDATE OF tenant_id ON destination_checks WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
