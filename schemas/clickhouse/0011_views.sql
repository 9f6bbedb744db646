-- What keeps the derived tables up to date, each straight from the log. The SELECTs stand in derived/, since a
-- rebuild runs the same ones.
CREATE MATERIALIZED VIEW IF NOT EXISTS mv_schrijving TO schrijving AS ${schrijving};
CREATE MATERIALIZED VIEW IF NOT EXISTS mv_cel TO cel AS ${cel};
CREATE MATERIALIZED VIEW IF NOT EXISTS mv_live TO live AS ${live};
CREATE MATERIALIZED VIEW IF NOT EXISTS mv_vooruit TO vooruit AS ${vooruit};
CREATE MATERIALIZED VIEW IF NOT EXISTS mv_ingetrokken TO ingetrokken AS ${ingetrokken};
CREATE MATERIALIZED VIEW IF NOT EXISTS mv_bekend TO bekend AS ${bekend};
CREATE MATERIALIZED VIEW IF NOT EXISTS mv_positie TO positie AS ${positie};
