drop schema if exists xgoals cascade;
