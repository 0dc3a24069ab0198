drop table if exists xgoals.model_evaluation;
