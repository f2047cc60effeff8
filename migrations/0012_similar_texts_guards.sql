-- A row never changes its tenant.
CREATE TRIGGER similar_texts_keep_tenant BEFORE UPDATE OF tenant_id ON similar_texts WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
