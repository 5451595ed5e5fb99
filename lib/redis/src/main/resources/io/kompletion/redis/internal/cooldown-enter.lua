-- Asks to call a target. Keys: its health, and its probes with the ends of their leases.
-- ARGV: id of the probe, probes, their lease and the first rest in microseconds.
-- Returns 0 (closed), 1 (a probe), or 2 and the microseconds to wait.
local health, probes = KEYS[1], KEYS[2]
local id, most, lease, rest = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local open = tonumber(redis.call('HGET', health, 'open') or '-1')
if open < 0 then return { 0, 0 } end
if now < open then return { 2, open - now } end
redis.call('ZREMRANGEBYSCORE', probes, '-inf', now)
-- the same command may be sent again after the connection broke
if not redis.call('ZSCORE', probes, id) then
    if redis.call('ZCARD', probes) >= most then
        -- the lease is as long as a call can take; most probes tell much earlier
        local first = redis.call('ZRANGE', probes, 0, 0, 'WITHSCORES')
        return { 2, math.min(tonumber(first[2]) - now, rest) }
    end
    redis.call('ZADD', probes, now + lease, id)
end
local keep = math.ceil(lease / 1000) + 1000
if redis.call('PTTL', probes) < keep then redis.call('PEXPIRE', probes, keep) end
if redis.call('PTTL', health) < keep then redis.call('PEXPIRE', health, keep) end
return { 1, 0 }
