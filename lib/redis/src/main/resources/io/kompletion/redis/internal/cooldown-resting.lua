-- The microseconds that a target still rests, or 0. Keys as in cooldown-enter.
return math.max(0, tonumber(redis.call('HGET', KEYS[1], 'open') or '0') - now)
