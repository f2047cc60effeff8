-- The database backs up what the store promises.

-- A row never changes its tenant.
CREATE TRIGGER users_keep_tenant BEFORE UPDATE OF tenant_id ON users WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER projects_keep_tenant BEFORE UPDATE OF tenant_id ON projects WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER webhook_keys_keep_tenant BEFORE UPDATE OF tenant_id ON webhook_keys WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER entities_keep_tenant BEFORE UPDATE OF tenant_id ON entities WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER calls_keep_tenant BEFORE UPDATE OF tenant_id ON calls WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER runs_keep_tenant BEFORE UPDATE OF tenant_id ON runs WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER opt_outs_keep_tenant BEFORE UPDATE OF tenant_id ON opt_outs WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER idempotency_keep_tenant BEFORE UPDATE OF tenant_id ON idempotency WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
-- The audit log is append-only.
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
--> statement-breakpoint
-- Free text search over people: name, contact and what they wrote, and the scope (tenant, project, type) so that a search
-- reads its own tenant's rows only. The index holds no copy of the text; triggers keep it, and only when one of its sources
-- changes, so that a change of status costs it nothing.
CREATE VIRTUAL TABLE entities_fts USING fts5(scope, name, contact, message, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
--> statement-breakpoint
CREATE TRIGGER entities_fts_insert AFTER INSERT ON entities BEGIN
  INSERT INTO entities_fts(rowid, scope, name, contact, message)
  VALUES (NEW.seq, NEW.tenant_id || ' ' || coalesce(NEW.project_id, '') || ' ' || NEW.entity_type, NEW.name, NEW.primary_contact, coalesce(json_extract(NEW.metadata, '$.message'), ''));
END;
--> statement-breakpoint
CREATE TRIGGER entities_fts_update AFTER UPDATE OF name, primary_contact, metadata ON entities
WHEN OLD.name IS NOT NEW.name OR OLD.primary_contact IS NOT NEW.primary_contact
  OR json_extract(OLD.metadata, '$.message') IS NOT json_extract(NEW.metadata, '$.message')
BEGIN
  INSERT OR REPLACE INTO entities_fts(rowid, scope, name, contact, message)
  VALUES (NEW.seq, NEW.tenant_id || ' ' || coalesce(NEW.project_id, '') || ' ' || NEW.entity_type, NEW.name, NEW.primary_contact, coalesce(json_extract(NEW.metadata, '$.message'), ''));
END;
--> statement-breakpoint
CREATE TRIGGER entities_fts_delete AFTER DELETE ON entities BEGIN
  DELETE FROM entities_fts WHERE rowid = OLD.seq;
END;
