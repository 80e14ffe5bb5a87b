-- Makes version 3 of version 4: its view trial_goal did not count the seconds of what diverged.
PRAGMA user_version = 3;
DROP VIEW trial_goal;
CREATE VIEW trial_goal AS  -- of every trial with a result and every objective: the mean over its
                           -- executions; NULL: none
SELECT s.name AS sweep, t.number AS trial, o.position, o.metric, o.goal,
       CASE WHEN o.position = 0 THEN
           (SELECT avg(x.objective) FROM execution AS x WHERE x.trial_id = t.trial_id)
       WHEN o.metric = 'weights' THEN t.weights
       WHEN o.metric = 'flops' THEN t.flops
       WHEN o.metric = 'memory_bytes' THEN t.memory_bytes
       WHEN o.metric = 'seconds' THEN
           (SELECT sum(a.wall_s) / count(DISTINCT x.execution_id)
            FROM execution AS x JOIN attempt AS a USING (execution_id)
            WHERE x.trial_id = t.trial_id AND x.objective IS NOT NULL AND a.test_epoch = 0
            AND a.outcome IN ('completed', 'early_stopped', 'paused', 'pruned'))
       ELSE (SELECT avg(m.value) FROM execution AS x JOIN epoch_metric AS m USING (execution_id)
             WHERE x.trial_id = t.trial_id AND x.objective IS NOT NULL
             AND m.metric = o.metric AND m.epoch = x.best_epoch) END AS value,
       t.trial_id, t.sweep_id
FROM sweep AS s JOIN objective AS o USING (sweep_id) JOIN trial AS t USING (sweep_id)
WHERE EXISTS (SELECT 1 FROM execution AS x WHERE x.trial_id = t.trial_id AND x.objective IS NOT NULL)
ORDER BY s.sweep_id, t.number, o.position;
