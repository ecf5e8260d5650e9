"""A term played through: people at nbgrader's exchange, a database server, and every figure that comes of it."""
