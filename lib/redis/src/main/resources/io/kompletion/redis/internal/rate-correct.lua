-- Corrects what a permit took, unless it has gone. Keys as in rate-take. ARGV: permit, then the amount of each take.
local permit = ARGV[1]
for i = 1, #KEYS / 2 do
    local amounts = KEYS[2 * i]
    local before = redis.call('HGET', amounts, permit)
    if before then
        redis.call('HSET', amounts, permit, ARGV[i + 1])
        redis.call('HINCRBY', amounts, 'sum', tonumber(ARGV[i + 1]) - tonumber(before))
    end
end
return 0
