CREATE TABLE outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    event_id UUID NOT NULL,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    type TEXT NOT NULL,
    payload BYTEA NOT NULL,
    root TEXT NOT NULL,
    traceparent TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_outbox PRIMARY KEY (id)
);
CREATE INDEX ix_outbox_unpublished ON outbox (id) WHERE published_at IS NULL;
CREATE INDEX ix_outbox_published_at ON outbox (published_at);
CREATE TABLE inbox (
    event_id TEXT NOT NULL,
    reader TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_inbox PRIMARY KEY (event_id, reader)
);
CREATE INDEX ix_inbox_at ON inbox (at);
CREATE TABLE requests (
    request_id TEXT NOT NULL,
    digest BYTEA NOT NULL,
    response BYTEA,
    org_path TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_requests PRIMARY KEY (request_id)
);
CREATE INDEX ix_requests_at ON requests (at);
CREATE TABLE proposals (
    id UUID NOT NULL,
    move TEXT NOT NULL,
    "row" TEXT NOT NULL,
    machine TEXT NOT NULL,
    object_id TEXT NOT NULL,
    arguments JSONB NOT NULL,
    proposed_by TEXT NOT NULL,
    proposer JSONB NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    org_path TEXT NOT NULL,
    confirmed_by TEXT,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_proposals PRIMARY KEY (id)
);
CREATE INDEX ix_proposals_object_id ON proposals (object_id);
CREATE TABLE history (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    machine TEXT NOT NULL,
    object_id TEXT NOT NULL,
    version BIGINT,
    "row" TEXT NOT NULL,
    move TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    actors TEXT[] NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    guards TEXT[] NOT NULL,
    document_ids TEXT[] NOT NULL,
    deadlines TEXT[] NOT NULL,
    reason TEXT NOT NULL,
    cause TEXT NOT NULL,
    org_path TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_history PRIMARY KEY (id)
);
CREATE INDEX ix_history_object_id_id ON history (object_id, id);
CREATE TABLE reads (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rpc TEXT NOT NULL,
    object_id TEXT NOT NULL,
    query JSONB NOT NULL,
    by TEXT NOT NULL,
    service TEXT NOT NULL,
    org_id TEXT NOT NULL,
    org_path TEXT NOT NULL,
    reason TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_reads PRIMARY KEY (id)
);
CREATE INDEX ix_reads_object_id_at ON reads (object_id, at);
CREATE INDEX ix_reads_by_at ON reads (by, at);
CREATE TABLE timers (
    id UUID NOT NULL,
    timer TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id UUID NOT NULL,
    org_path TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    events JSONB NOT NULL,
    params JSONB NOT NULL,
    state TEXT NOT NULL,
    raw TEXT NOT NULL,
    legal_expiry TEXT NOT NULL,
    internal_due TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    provisional BOOLEAN NOT NULL,
    law TEXT NOT NULL,
    law_version TEXT NOT NULL,
    derivation JSONB NOT NULL,
    earlier JSONB NOT NULL,
    stopped_at TIMESTAMP WITH TIME ZONE,
    breached_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_timers PRIMARY KEY (id)
);
CREATE INDEX ix_timers_object_id ON timers (object_id);
CREATE INDEX ix_timers_due ON timers (expires_at) WHERE state = 'RUNNING';
CREATE TABLE legal_clock (
    root TEXT NOT NULL,
    offset_seconds BIGINT NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_legal_clock PRIMARY KEY (root)
);
CREATE TABLE law_parameters (
    version BIGINT NOT NULL,
    overrides BYTEA NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_law_parameters PRIMARY KEY (version)
);
GRANT INSERT ON outbox TO {service}_serve;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO {service}_jobs;
GRANT SELECT, INSERT, DELETE ON inbox TO {service}_jobs;
ALTER TABLE requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY requests_serve ON requests TO {service}_serve
    USING (starts_with(org_path, nullif(current_setting('anzhi.scope', true), ''))) WITH CHECK (true);
CREATE POLICY requests_jobs ON requests TO {service}_jobs USING (true);
GRANT SELECT, INSERT, UPDATE ON requests TO {service}_serve;
GRANT SELECT, INSERT, UPDATE, DELETE ON requests TO {service}_jobs;
ALTER TABLE proposals ENABLE ROW LEVEL SECURITY;
CREATE POLICY proposals_serve ON proposals TO {service}_serve
    USING (starts_with(org_path, nullif(current_setting('anzhi.scope', true), '')));
CREATE POLICY proposals_jobs ON proposals TO {service}_jobs USING (true);
GRANT SELECT, INSERT, UPDATE ON proposals TO {service}_serve, {service}_jobs;
ALTER TABLE history ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_serve ON history TO {service}_serve
    USING (starts_with(org_path, nullif(current_setting('anzhi.scope', true), ''))) WITH CHECK (true);
CREATE POLICY history_jobs ON history TO {service}_jobs USING (true);
GRANT SELECT, INSERT ON history TO {service}_serve, {service}_jobs;
ALTER TABLE reads ENABLE ROW LEVEL SECURITY;
CREATE POLICY reads_serve ON reads TO {service}_serve
    USING (starts_with(org_path, nullif(current_setting('anzhi.scope', true), ''))) WITH CHECK (true);
CREATE POLICY reads_jobs ON reads TO {service}_jobs USING (true);
GRANT SELECT, INSERT ON reads TO {service}_serve, {service}_jobs;
ALTER TABLE timers ENABLE ROW LEVEL SECURITY;
CREATE POLICY timers_serve ON timers TO {service}_serve
    USING (starts_with(org_path, nullif(current_setting('anzhi.scope', true), '')));
CREATE POLICY timers_jobs ON timers TO {service}_jobs USING (true);
GRANT SELECT, INSERT, UPDATE ON timers TO {service}_serve, {service}_jobs;
GRANT SELECT ON legal_clock TO {service}_serve;
GRANT SELECT, INSERT, UPDATE ON legal_clock TO {service}_jobs;
GRANT SELECT ON law_parameters TO {service}_serve;
GRANT SELECT, INSERT ON law_parameters TO {service}_jobs;
