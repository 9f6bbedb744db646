SELECT event_id, digest, received_at, epoch, partition, offset FROM gebeurtenis
