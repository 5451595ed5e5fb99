-- Sets an amount aside in every account or in none.
-- ARGV: reservation, amount, lease in microseconds, then limit (-1 none) and window in microseconds (0 none) of each.
-- Returns the number of the account that refuses and its balance, or 0.
local id, amount, lease = ARGV[1], ARGV[2], tonumber(ARGV[3])
local accounts = #KEYS / 3

-- a command that is sent again after the connection broke
if accounts > 0 and redis.call('HEXISTS', KEYS[1], id) == 1 then return { '0' } end

local starts = {}
for i = 1, accounts do
    local purse = KEYS[3 * i - 2]
    local limit, window = tonumber(ARGV[2 * i + 2]), tonumber(ARGV[2 * i + 3])
    starts[i] = refresh(purse, KEYS[3 * i - 1], KEYS[3 * i], window)
    local now_is = balance(purse, window, starts[i])
    if limit >= 0 and tonumber(amount) > limit - tonumber(now_is[1]) - tonumber(now_is[2]) then
        return { tostring(i), now_is[1], now_is[2], now_is[3] }
    end
end

for i = 1, accounts do
    local purse, leases, charged = KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i]
    local window = tonumber(ARGV[2 * i + 3])
    redis.call('HSET', purse, id, amount)
    redis.call('HSET', purse, 'start', starts[i])
    redis.call('HINCRBY', purse, 'reserved', amount)
    redis.call('ZADD', leases, now + lease, id)
    keep(purse, leases, charged, window, math.max(lease, starts[i] + window - now))
end
return { '0' }
