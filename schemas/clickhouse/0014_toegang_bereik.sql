-- What a token may write: events of which types, about which subjects. Empty, as in every earlier row: whatever its
-- roles allow.
ALTER TABLE toegang${ON_CLUSTER} ADD COLUMN IF NOT EXISTS types Array(String);
ALTER TABLE toegang${ON_CLUSTER} ADD COLUMN IF NOT EXISTS subjects Array(String);
