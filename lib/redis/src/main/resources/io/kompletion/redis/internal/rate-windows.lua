-- Before each script of rates: forgets what has left a window, and returns the sum of what is left.
local function expire(moments, amounts, window)
    local over = now - window
    while true do
        local gone = redis.call('ZRANGEBYSCORE', moments, '-inf', over, 'LIMIT', 0, 1000)
        if #gone == 0 then break end
        local sum = 0
        for _, amount in ipairs(redis.call('HMGET', amounts, unpack(gone))) do
            sum = sum + tonumber(amount or '0')
        end
        redis.call('HDEL', amounts, unpack(gone))
        redis.call('ZREM', moments, unpack(gone))
        redis.call('HINCRBY', amounts, 'sum', 0 - sum)
    end
    if redis.call('EXISTS', moments) == 0 then
        redis.call('DEL', amounts)
        return 0
    end
    return tonumber(redis.call('HGET', amounts, 'sum') or '0')
end
