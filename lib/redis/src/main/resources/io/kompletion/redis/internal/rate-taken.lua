-- The sum of a window. Keys as in rate-take. ARGV: window in microseconds.
return expire(KEYS[1], KEYS[2], tonumber(ARGV[1]))
