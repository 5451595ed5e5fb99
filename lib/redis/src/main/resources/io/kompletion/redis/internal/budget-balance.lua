-- The balance of one account. ARGV: its window in microseconds (0 none).
local window = tonumber(ARGV[1])
return balance(KEYS[1], window, refresh(KEYS[1], KEYS[2], KEYS[3], window))
