-- Gives back what a reservation set aside, and charges what was spent; or corrects what its lease has charged.
-- ARGV: reservation, spent, then the window of each account in microseconds (0 none). Returns their balances.
local id, spent = ARGV[1], ARGV[2]
local balances = {}
for i = 1, #KEYS / 3 do
    local purse, leases, charged = KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i]
    local window = tonumber(ARGV[i + 2])
    local start = refresh(purse, leases, charged, window)
    local amount = redis.call('HGET', purse, id)
    if amount then
        local ended = redis.call('ZSCORE', charged, id)
        if not ended then
            redis.call('HINCRBY', purse, 'reserved', minus(amount))
            redis.call('HINCRBY', purse, 'spent', spent)
        elseif tonumber(ended) >= start then
            redis.call('HINCRBY', purse, 'spent', minus(amount))
            redis.call('HINCRBY', purse, 'spent', spent)
        end
        redis.call('HDEL', purse, id)
        redis.call('ZREM', leases, id)
        redis.call('ZREM', charged, id)
    end
    for _, value in ipairs(balance(purse, window, start)) do balances[#balances + 1] = value end
end
return balances
