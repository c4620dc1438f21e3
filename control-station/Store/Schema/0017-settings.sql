-- Answers to requests with a key are kept sealed from here on; those of the last day, kept openly, are forgotten.
DELETE FROM given_answer;
