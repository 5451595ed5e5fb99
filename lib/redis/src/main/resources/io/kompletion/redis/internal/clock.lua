-- Before each script that needs the time: the clock of Redis, which all processes share, in microseconds since 1970.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
