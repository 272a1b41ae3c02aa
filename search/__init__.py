"""From a query to ranked hits: parsing, execution, ranking, highlighting."""
