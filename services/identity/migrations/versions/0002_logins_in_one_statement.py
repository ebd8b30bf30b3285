"""A login comes before any scope: it reads one person and records one line, each by a function of the owner."""

from alembic import op

revision, down_revision = "0002", "0001"

READ = """
CREATE FUNCTION person_who_logs_in(wanted_username text, wanted_id uuid) RETURNS TABLE (
    id uuid, username text, name text, org_id uuid, org_path text, state text, grants jsonb,
    second_factor_required boolean, second_factor_enrolled boolean,
    password_hash text, must_change boolean, totp_secret bytea, totp_pending bytea, offset_seconds bigint, delegated jsonb
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT u.id, u.username, u.name, u.org_id, u.org_path, u.state, u.grants, u.second_factor_required, u.second_factor_enrolled,
        c.password_hash, c.must_change, c.totp_secret, c.totp_pending,
        (SELECT l.offset_seconds FROM legal_clock l WHERE l.root = '/' || split_part(u.org_path, '/', 2) || '/'),
        (SELECT jsonb_agg(jsonb_build_array(d.act, d.max_amount, d.valid_from_on, d.valid_to_on))
            FROM delegations d WHERE d.deputy_id = u.id)
    FROM users u LEFT JOIN credentials c ON c.user_id = u.id
    WHERE u.username = wanted_username OR u.id = wanted_id
$$
"""
RECORD = """
CREATE FUNCTION record_login(
    place text, person uuid, named text, what text, who text, address text, trace text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO logins (org_path, user_id, username, outcome, by, client, trace_id) VALUES (place, person, named, what, who, address, trace)
$$
"""


def upgrade() -> None:
    for statement, name in ((READ, "person_who_logs_in(text, uuid)"), (RECORD, "record_login(text, uuid, text, text, text, text, text)")):
        op.execute(statement)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO identity_serve, identity_jobs")
