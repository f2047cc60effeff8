-- A row never changes its tenant.
CREATE TRIGGER usage_keep_tenant BEFORE UPDATE OF tenant_id ON usage WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER spend_keep_tenant BEFORE UPDATE OF tenant_id ON spend WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER model_answers_keep_tenant BEFORE UPDATE OF tenant_id ON model_answers WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
