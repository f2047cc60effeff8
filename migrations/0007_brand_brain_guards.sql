-- A row never changes its tenant.
CREATE TRIGGER context_passages_keep_tenant BEFORE UPDATE OF tenant_id ON context_passages WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER context_projects_keep_tenant BEFORE UPDATE OF tenant_id ON context_projects WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
-- A vector is made of a text: what it was made of does not change under it, another text is another row.
CREATE TRIGGER context_passages_keep_text BEFORE UPDATE OF text, hash, project_id, type, source, model, dimensions ON context_passages
BEGIN SELECT RAISE(ABORT, 'a passage does not change'); END;
