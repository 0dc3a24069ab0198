"""The only room that speaks SQL: embedded Postgres, the schema, reading and writing what the domain knows."""
