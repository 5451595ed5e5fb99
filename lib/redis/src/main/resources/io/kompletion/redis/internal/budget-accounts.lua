-- Before each script of budgets. Three keys an account:
--   purse    hash: spent, reserved, start of the window, and under its id the amount of each reservation
--   leases   sorted set: when each open reservation ends by itself
--   charged  sorted set: when those ended that their leases have charged
local DAY = 86400000000

-- Keeps the keys of an account for so many microseconds and a day. Those of lifetime accounts stay.
local function keep(purse, leases, charged, window, duration)
    if window == 0 then
        for _, key in ipairs({ purse, leases, charged }) do redis.call('PERSIST', key) end
        return
    end
    local wanted = math.ceil((duration + DAY) / 1000)
    for _, key in ipairs({ purse, leases, charged }) do
        if redis.call('PTTL', key) < wanted then redis.call('PEXPIRE', key, wanted) end
    end
end

-- Redis takes no "-0".
local function minus(amount)
    return amount == '0' and amount or '-' .. amount
end

local function begun(window, moment)
    if window == 0 then return 0 end
    return math.floor(moment / window) * window
end

-- Begins the window anew when it is over, and charges what leases have ended.
-- Returns the start of the window that runs. A clock that is set back begins nothing anew.
local function refresh(purse, leases, charged, window)
    local start = begun(window, now)
    if redis.call('EXISTS', purse) == 0 then return start end
    local before = tonumber(redis.call('HGET', purse, 'start') or '0')
    if start > before then
        redis.call('HSET', purse, 'start', start)
        redis.call('HSET', purse, 'spent', 0)
    else
        start = before
    end
    local ended = redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'WITHSCORES')
    for i = 1, #ended, 2 do
        local id, moment = ended[i], tonumber(ended[i + 1])
        local amount = redis.call('HGET', purse, id)
        redis.call('ZREM', leases, id)
        redis.call('HINCRBY', purse, 'reserved', minus(amount))
        if moment >= start then
            redis.call('HINCRBY', purse, 'spent', amount)
            redis.call('ZADD', charged, moment, id)
        else
            redis.call('HDEL', purse, id)
        end
    end
    -- a call that ends a day after its lease corrects nothing any more
    local forgotten = redis.call('ZRANGEBYSCORE', charged, '-inf', now - DAY)
    for _, id in ipairs(forgotten) do redis.call('HDEL', purse, id) end
    redis.call('ZREMRANGEBYSCORE', charged, '-inf', now - DAY)
    keep(purse, leases, charged, window, math.max(0, start + window - now))
    return start
end

-- Spent, reserved and the microseconds until the next window, as text: sums may be beyond what a Lua number holds.
local function balance(purse, window, start)
    local sums = redis.call('HMGET', purse, 'spent', 'reserved')
    local left = window == 0 and 0 or start + window - now
    return { sums[1] or '0', sums[2] or '0', string.format('%.0f', left) }
end
