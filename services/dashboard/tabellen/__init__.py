"""The tables of locaties, gemeenten and provincies: columns, filters, sums, pages and files."""
