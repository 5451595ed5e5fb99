-- Takes the lead unless somebody has it. ARGV: token, lease in milliseconds.

-- a command that is sent again after the connection broke
if redis.call('GET', KEYS[1]) == ARGV[1] then return 1 end
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0
