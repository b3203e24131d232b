-- Takes a place in the generic cell rate algorithm (GCRA), if there is one.
-- KEYS: the time at which the next request is due, while the limit is used evenly; the pause; who asks.
-- ARGV: the interval and the period in µs, the burst, the last due time that the caller knows (0: none),
--       whether the caller did without Redis meanwhile (1), the caller's name.
-- Gives the wait in µs, 0 if the place was taken; the due time; how many callers there are.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, period, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local known, alone = tonumber(ARGV[4]), ARGV[5] == '1'

redis.call('ZADD', KEYS[3], string.format('%.0f', now), ARGV[6])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('(%.0f', now - 2 * period))
redis.call('PEXPIRE', KEYS[3], math.ceil(period / 500))
local callers = redis.call('ZCARD', KEYS[3])

local due = tonumber(redis.call('GET', KEYS[1]) or '0')
-- A server that was restarted has forgotten it. A clock that was set back makes it worthless.
if known > due and known <= now + 2 * period then due = known end
if due > now + 2 * period then due = now end
if due < now then due = now end
-- What others sent without Redis is not known: there is no burst.
local full = now + (burst - 1) * interval
if alone and due < full then due = full end

local paused = redis.call('PTTL', KEYS[2])
local wait = due - (burst - 1) * interval - now
if paused > 0 then
  -- Nor is there one after a pause.
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
