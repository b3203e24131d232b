-- Takes a place in the generic cell rate algorithm (GCRA), if there is one.
-- KEYS: the time at which the next request is due, if the limit is used evenly; the pause; the callers.
-- ARGV: the interval and the period in µs; the burst; the last due time that the caller knows, or 0;
--       1 if the caller worked without Redis since then; the caller's name.
-- Returns the wait in µs, 0 if the place was taken; the due time; the number of callers.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, period, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local known, alone = tonumber(ARGV[4]), ARGV[5] == '1'

redis.call('ZADD', KEYS[3], string.format('%.0f', now), ARGV[6])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('(%.0f', now - 2 * period))
redis.call('PEXPIRE', KEYS[3], math.ceil(period / 500))
local callers = redis.call('ZCARD', KEYS[3])

local due = tonumber(redis.call('GET', KEYS[1]) or '0')
-- A restarted server has lost the due time. If its clock was set back, the due time means nothing.
if known > due and known <= now + 2 * period then due = known end
if due > now + 2 * period then due = now end
if due < now then due = now end
-- Nobody knows what others sent without Redis, so there is no burst.
local full = now + (burst - 1) * interval
if alone and due < full then due = full end

local paused = redis.call('PTTL', KEYS[2])
local wait = due - (burst - 1) * interval - now
if paused > 0 then
  -- After a pause there is no burst either.
  wait = math.max(wait, paused * 1000)
  due = math.max(due, full)
end
if wait > 0 then
  if alone or known > 0 then
    redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000) + 1)
  end
  return { math.ceil(wait), due, callers }
end
due = due + interval
redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000) + 1)
return { 0, due, callers }
