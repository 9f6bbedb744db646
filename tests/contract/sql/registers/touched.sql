SELECT source, type = 'nl.gebeurtenissen.ingetrokken.v1', toString(retracts), subject, registers, effective_at
FROM gebeurtenis
WHERE recorded_at <= {k:DateTime64(6, 'UTC')} AND {upto} AND ({since} OR (recorded_at > {after:DateTime64(6, 'UTC')} AND ({rest} OR (epoch, partition, offset, event_id) IN (SELECT epoch, partition, offset, event_id
FROM volgorde
WHERE recorded_at > {after:DateTime64(6, 'UTC')} AND recorded_at <= {k:DateTime64(6, 'UTC')}))))
LIMIT {count:UInt32}
