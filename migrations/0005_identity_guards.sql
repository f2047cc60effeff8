-- A row never changes its tenant.
CREATE TRIGGER sessions_keep_tenant BEFORE UPDATE OF tenant_id ON sessions WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER api_keys_keep_tenant BEFORE UPDATE OF tenant_id ON api_keys WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER mailed_tokens_keep_tenant BEFORE UPDATE OF tenant_id ON mailed_tokens WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
