-- Swaps a derived table and the one beside it, at once.
EXCHANGE TABLES {{ table }} AND {{ table }}_nieuw{{ on_cluster }}
