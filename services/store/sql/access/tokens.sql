-- Every token there ever was, the oldest first, in its latest state.
SELECT id, name, roles, source, hash, made_at, expires_at, withdrawn_at, types, subjects FROM toegang FINAL ORDER BY made_at, id
