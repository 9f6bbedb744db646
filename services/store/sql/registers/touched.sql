-- The events that came in after a positie and are known at K, and those that came to be known after a moment: source,
-- whether it retracts and what, subject, and the registers and moments that it writes.
-- From the log; the order of `time` finds what came to be known later without reading all of it.
SELECT source, {{ RETRACTION }}, toString(retracts), subject, registers, effective_at FROM gebeurtenis
WHERE recorded_at <= {{ K }} AND {upto} AND (
    {since} OR (
        recorded_at > {{ AFTER }} AND (
            {rest} OR (epoch, partition, offset, event_id) IN (
                SELECT epoch, partition, offset, event_id FROM volgorde
                WHERE recorded_at > {{ AFTER }} AND recorded_at <= {{ K }}
            )
        )
    )
)
LIMIT {count:UInt32}
