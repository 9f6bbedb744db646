-- When the last of the stored events came in. Only the end of each partition is read.
SELECT max(received_at) FROM gebeurtenis WHERE {ends}
