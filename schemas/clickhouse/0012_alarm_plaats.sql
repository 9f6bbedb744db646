-- Where an event of the alarms topic stood: so a reader can go on after the last one that it saw.
ALTER TABLE alarm${ON_CLUSTER} ADD COLUMN IF NOT EXISTS epoch UInt32;
ALTER TABLE alarm${ON_CLUSTER} ADD COLUMN IF NOT EXISTS offset UInt64;
