"""Play a term: people at nbgrader's exchange, a database server, and every figure at the end."""
