-- Makes version 2 of version 3: its view pareto held trials that the scheduler ended, too.
PRAGMA user_version = 2;
DROP VIEW pareto;
CREATE VIEW pareto AS  -- the trials that no other beats: none is as good in every objective and
                       -- better in one (front 1 of mlpsweep rank). Compares all with all.
WITH g AS MATERIALIZED (
    SELECT sweep_id, trial_id, position,
           CASE goal WHEN 'maximize' THEN -value ELSE value END AS cost,
           count(value) OVER (PARTITION BY trial_id) = count(*) OVER (PARTITION BY trial_id) AS whole
    FROM trial_goal),
beaten AS MATERIALIZED (
    SELECT DISTINCT trial_id FROM (
        SELECT a.trial_id FROM g AS a JOIN g AS b ON b.sweep_id = a.sweep_id
            AND b.position = a.position AND b.trial_id <> a.trial_id
        WHERE a.whole AND b.whole GROUP BY a.trial_id, b.trial_id
        HAVING min(b.cost <= a.cost) = 1 AND max(b.cost < a.cost) = 1))
SELECT v.sweep, v.trial, group_concat(v.metric || '=' || v.value, ' ') AS objectives,
       (SELECT group_concat(name || '=' || text, ' ') FROM
           (SELECT name, text FROM param AS p WHERE p.trial_id = v.trial_id ORDER BY position))
           AS parameters,
       v.trial_id, v.sweep_id
FROM (SELECT * FROM trial_goal ORDER BY trial_id, position) AS v
WHERE v.trial_id IN (SELECT trial_id FROM g WHERE whole)
      AND v.trial_id NOT IN (SELECT trial_id FROM beaten)
GROUP BY v.trial_id ORDER BY v.sweep_id, v.trial;
