drop table xgoals.explanation_sum;
