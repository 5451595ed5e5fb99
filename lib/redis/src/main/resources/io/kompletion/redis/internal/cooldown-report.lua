-- Says how a call ended. Keys as in cooldown-enter.
-- ARGV: id of the probe (empty: none), outcome, rest that was given (-1 none), failures, failure rate (-1 none), minimum
-- of calls, window, rest, longest rest and lease of probes; all times in microseconds.
-- Returns 0 (nothing changed), 1 (recovered), or 2 and the microseconds that it rests.
local health, probes = KEYS[1], KEYS[2]
local probe, outcome, given = ARGV[1], ARGV[2], tonumber(ARGV[3])
local failures, rate, minimum = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local window, rest, longest, lease = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])

local function keep(resting)
    redis.call('PEXPIRE', health, math.ceil((resting + math.max(window, longest, lease)) / 1000) + 1000)
end

local function rest_for(duration)
    redis.call('HSET', health, 'open', now + duration)
    keep(duration)
    return { 2, duration }
end

local function open(length)
    redis.call('DEL', probes)
    redis.call('HDEL', health, 'row', 'calls', 'failed')
    redis.call('HSET', health, 'rest', length)
    return rest_for(given >= 0 and given or length)
end

-- Counts a call of a closed circuit; true when it opens.
local function count()
    if outcome == 'NEUTRAL' then return false end
    local failed = outcome == 'FAILURE' and 1 or 0
    local opens = false
    if failed == 1 then
        opens = redis.call('HINCRBY', health, 'row', 1) >= failures
    else
        redis.call('HDEL', health, 'row')
    end
    if rate >= 0 then
        local current = string.format('%.0f', math.floor(now / window))
        if redis.call('HGET', health, 'window') ~= current then
            redis.call('HSET', health, 'window', current)
            redis.call('HDEL', health, 'calls', 'failed')
        end
        local calls = redis.call('HINCRBY', health, 'calls', 1)
        local bad = redis.call('HINCRBY', health, 'failed', failed)
        opens = opens or (failed == 1 and calls >= minimum and bad >= rate * calls)
    end
    keep(0)
    return opens
end

local is_live = probe ~= '' and redis.call('ZREM', probes, probe) == 1
local until_then = tonumber(redis.call('HGET', health, 'open') or '-1')
if until_then < 0 then
    if count() or given >= 0 then return open(rest) end
    return { 0, 0 }
end
if now < until_then then
    if given >= 0 and now + given > until_then then return rest_for(given) end
    return { 0, 0 }
end
local before = tonumber(redis.call('HGET', health, 'rest') or ARGV[8])
if outcome == 'FAILURE' and is_live then return open(math.min(2 * before, longest)) end
if given >= 0 then return open(before) end
if outcome == 'SUCCESS' and probe ~= '' then
    redis.call('DEL', health, probes)
    return { 1, 0 }
end
return { 0, 0 }
