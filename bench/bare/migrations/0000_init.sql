CREATE TABLE leads (
  id text PRIMARY KEY NOT NULL,
  tenant_id text NOT NULL,
  project_id text NOT NULL,
  entity_type text NOT NULL,
  name text NOT NULL,
  primary_contact text NOT NULL,
  metadata text NOT NULL,
  created_at integer NOT NULL,
  updated_at integer NOT NULL
);
