-- A row never changes its tenant.
CREATE TRIGGER webhook_endpoints_keep_tenant BEFORE UPDATE OF tenant_id ON webhook_endpoints WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
CREATE TRIGGER webhook_deliveries_keep_tenant BEFORE UPDATE OF tenant_id ON webhook_deliveries WHEN OLD.tenant_id IS NOT NEW.tenant_id
BEGIN SELECT RAISE(ABORT, 'a row never changes its tenant'); END;
--> statement-breakpoint
-- An endpoint knows when its next delivery is due.
CREATE TRIGGER webhook_deliveries_due_insert AFTER INSERT ON webhook_deliveries WHEN NEW.next_at IS NOT NULL
BEGIN UPDATE webhook_endpoints SET due_at = min(coalesce(due_at, NEW.next_at), NEW.next_at) WHERE id = NEW.endpoint_id; END;
--> statement-breakpoint
CREATE TRIGGER webhook_deliveries_due_update AFTER UPDATE OF next_at ON webhook_deliveries WHEN NEW.next_at IS NOT NULL
BEGIN UPDATE webhook_endpoints SET due_at = min(coalesce(due_at, NEW.next_at), NEW.next_at) WHERE id = NEW.endpoint_id; END;
--> statement-breakpoint
-- What endpoints are told of, noted in the transaction that brings it about. Canaries are nobody's business.
CREATE TRIGGER webhooks_lead_created AFTER INSERT ON entities WHEN NEW.entity_type = 'lead' AND json_extract(NEW.metadata, '$.canary') IS NOT 1
BEGIN
  INSERT INTO webhook_deliveries (id, tenant_id, endpoint_id, project_id, type, resource_id, change, at, status, attempts, tries, next_at)
  SELECT 'whd_' || substr(printf('%012x', NEW.created_at), 1, 12) || lower(hex(randomblob(10))), endpoint.tenant_id, endpoint.id, NEW.project_id, 'lead.created', NEW.id, NULL, NEW.created_at, 'pending', 0, '[]', NEW.created_at
  FROM webhook_endpoints AS endpoint
  WHERE endpoint.tenant_id = NEW.tenant_id AND endpoint.disabled_at IS NULL AND (endpoint.project_id IS NULL OR endpoint.project_id = NEW.project_id)
    AND EXISTS (SELECT 1 FROM json_each(endpoint.events) WHERE value = 'lead.created');
END;
--> statement-breakpoint
CREATE TRIGGER webhooks_lead_status_changed AFTER UPDATE OF metadata ON entities WHEN NEW.entity_type = 'lead' AND json_extract(NEW.metadata, '$.status') IS NOT json_extract(OLD.metadata, '$.status') AND json_extract(NEW.metadata, '$.canary') IS NOT 1
BEGIN
  INSERT INTO webhook_deliveries (id, tenant_id, endpoint_id, project_id, type, resource_id, change, at, status, attempts, tries, next_at)
  SELECT 'whd_' || substr(printf('%012x', NEW.updated_at), 1, 12) || lower(hex(randomblob(10))), endpoint.tenant_id, endpoint.id, NEW.project_id, 'lead.status_changed', NEW.id, json_object('status', json_extract(NEW.metadata, '$.status'), 'previous_status', json_extract(OLD.metadata, '$.status')), NEW.updated_at, 'pending', 0, '[]', NEW.updated_at
  FROM webhook_endpoints AS endpoint
  WHERE endpoint.tenant_id = NEW.tenant_id AND endpoint.disabled_at IS NULL AND (endpoint.project_id IS NULL OR endpoint.project_id = NEW.project_id)
    AND EXISTS (SELECT 1 FROM json_each(endpoint.events) WHERE value = 'lead.status_changed');
END;
--> statement-breakpoint
CREATE TRIGGER webhooks_page_published AFTER UPDATE OF metadata ON entities WHEN NEW.entity_type = 'page' AND json_extract(NEW.metadata, '$.status') = 'published' AND json_extract(OLD.metadata, '$.status') IS NOT 'published'
BEGIN
  INSERT INTO webhook_deliveries (id, tenant_id, endpoint_id, project_id, type, resource_id, change, at, status, attempts, tries, next_at)
  SELECT 'whd_' || substr(printf('%012x', NEW.updated_at), 1, 12) || lower(hex(randomblob(10))), endpoint.tenant_id, endpoint.id, NEW.project_id, 'page.published', NEW.id, NULL, NEW.updated_at, 'pending', 0, '[]', NEW.updated_at
  FROM webhook_endpoints AS endpoint
  WHERE endpoint.tenant_id = NEW.tenant_id AND endpoint.disabled_at IS NULL AND (endpoint.project_id IS NULL OR endpoint.project_id = NEW.project_id)
    AND EXISTS (SELECT 1 FROM json_each(endpoint.events) WHERE value = 'page.published');
END;
--> statement-breakpoint
CREATE TRIGGER webhooks_call_ended AFTER UPDATE OF end_reason ON calls WHEN NEW.end_reason IS NOT NULL AND OLD.end_reason IS NULL AND NEW.canary = 0
BEGIN
  INSERT INTO webhook_deliveries (id, tenant_id, endpoint_id, project_id, type, resource_id, change, at, status, attempts, tries, next_at)
  SELECT 'whd_' || substr(printf('%012x', coalesce(NEW.ended_at, NEW.updated_at)), 1, 12) || lower(hex(randomblob(10))), endpoint.tenant_id, endpoint.id, NEW.project_id, 'call.ended', NEW.id, NULL, coalesce(NEW.ended_at, NEW.updated_at), 'pending', 0, '[]', coalesce(NEW.ended_at, NEW.updated_at)
  FROM webhook_endpoints AS endpoint
  WHERE endpoint.tenant_id = NEW.tenant_id AND endpoint.disabled_at IS NULL AND (endpoint.project_id IS NULL OR endpoint.project_id = NEW.project_id)
    AND EXISTS (SELECT 1 FROM json_each(endpoint.events) WHERE value = 'call.ended');
END;
--> statement-breakpoint
CREATE TRIGGER webhooks_call_analysed AFTER UPDATE OF analysis ON calls WHEN NEW.analysis IS NOT NULL AND OLD.analysis IS NULL AND NEW.canary = 0
BEGIN
  INSERT INTO webhook_deliveries (id, tenant_id, endpoint_id, project_id, type, resource_id, change, at, status, attempts, tries, next_at)
  SELECT 'whd_' || substr(printf('%012x', NEW.updated_at), 1, 12) || lower(hex(randomblob(10))), endpoint.tenant_id, endpoint.id, NEW.project_id, 'call.analysed', NEW.id, NULL, NEW.updated_at, 'pending', 0, '[]', NEW.updated_at
  FROM webhook_endpoints AS endpoint
  WHERE endpoint.tenant_id = NEW.tenant_id AND endpoint.disabled_at IS NULL AND (endpoint.project_id IS NULL OR endpoint.project_id = NEW.project_id)
    AND EXISTS (SELECT 1 FROM json_each(endpoint.events) WHERE value = 'call.analysed');
END;
--> statement-breakpoint
CREATE TRIGGER webhooks_message_received AFTER INSERT ON messages WHEN NEW.direction = 'in' AND NEW.party = 'customer'
BEGIN
  INSERT INTO webhook_deliveries (id, tenant_id, endpoint_id, project_id, type, resource_id, change, at, status, attempts, tries, next_at)
  SELECT 'whd_' || substr(printf('%012x', NEW.created_at), 1, 12) || lower(hex(randomblob(10))), endpoint.tenant_id, endpoint.id, NEW.project_id, 'message.received', NEW.id, NULL, NEW.created_at, 'pending', 0, '[]', NEW.created_at
  FROM webhook_endpoints AS endpoint
  WHERE endpoint.tenant_id = NEW.tenant_id AND endpoint.disabled_at IS NULL AND (endpoint.project_id IS NULL OR endpoint.project_id = NEW.project_id)
    AND EXISTS (SELECT 1 FROM json_each(endpoint.events) WHERE value = 'message.received');
END;
--> statement-breakpoint
-- Dead letters about webhooks would tell of themselves.
CREATE TRIGGER webhooks_run_dead AFTER UPDATE OF status ON runs WHEN NEW.status = 'dead' AND OLD.status <> 'dead' AND NEW.task <> 'webhooks'
BEGIN
  INSERT INTO webhook_deliveries (id, tenant_id, endpoint_id, project_id, type, resource_id, change, at, status, attempts, tries, next_at)
  SELECT 'whd_' || substr(printf('%012x', coalesce(NEW.finished_at, NEW.created_at)), 1, 12) || lower(hex(randomblob(10))), endpoint.tenant_id, endpoint.id, NEW.project_id, 'run.dead', NEW.id, NULL, coalesce(NEW.finished_at, NEW.created_at), 'pending', 0, '[]', coalesce(NEW.finished_at, NEW.created_at)
  FROM webhook_endpoints AS endpoint
  WHERE endpoint.tenant_id = NEW.tenant_id AND endpoint.disabled_at IS NULL AND (endpoint.project_id IS NULL OR endpoint.project_id = NEW.project_id)
    AND EXISTS (SELECT 1 FROM json_each(endpoint.events) WHERE value = 'run.dead');
END;
