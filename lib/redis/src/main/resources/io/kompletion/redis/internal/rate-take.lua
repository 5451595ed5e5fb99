-- Takes from every window or from none. Two keys a take: moments of permits, and their amounts with the sum.
-- ARGV: permit, then limit, window in microseconds and amount of each take.
-- Returns the number of the take that has no room for longest and that time in microseconds, or 0, 0.
local permit = ARGV[1]
local takes = #KEYS / 2

-- a command that is sent again after the connection broke
if takes > 0 and redis.call('ZSCORE', KEYS[1], permit) then return { 0, 0 } end

local longest, refused = 0, 0
for i = 1, takes do
    local moments, amounts = KEYS[2 * i - 1], KEYS[2 * i]
    local limit, window, amount = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
    local excess = expire(moments, amounts, window) + amount - limit
    local first = 0
    local wait = 0
    while excess > 0 do
        local entries = redis.call('ZRANGE', moments, first, first + 99, 'WITHSCORES')
        for e = 1, #entries, 2 do
            if excess > 0 then
                excess = excess - tonumber(redis.call('HGET', amounts, entries[e]))
                wait = tonumber(entries[e + 1]) + window - now
            end
        end
        first = first + 100
    end
    if wait > longest then longest, refused = wait, i end
end
if refused > 0 then return { refused, longest } end

for i = 1, takes do
    local moments, amounts = KEYS[2 * i - 1], KEYS[2 * i]
    local keep = math.ceil(tonumber(ARGV[3 * i]) / 1000) + 1000
    redis.call('ZADD', moments, now, permit)
    redis.call('HSET', amounts, permit, ARGV[3 * i + 1])
    redis.call('HINCRBY', amounts, 'sum', ARGV[3 * i + 1])
    redis.call('PEXPIRE', moments, keep)
    redis.call('PEXPIRE', amounts, keep)
end
return { 0, 0 }
