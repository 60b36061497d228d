/** Gives reservations back whose lease is over. KEYS: total, amounts by id, leases by id. */
const expire = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, id in ipairs(redis.call('zrangebyscore', KEYS[3], '-inf', now)) do
  redis.call('decrby', KEYS[1], redis.call('hget', KEYS[2], id) or 0)
  redis.call('hdel', KEYS[2], id)
  redis.call('zrem', KEYS[3], id)
end
local function keep(ms)
  for _, key in ipairs(KEYS) do redis.call('pexpire', key, ms) end
end
`;

/** ARGV: id, amount, limit, lease and window in ms. Returns 1 or 0, and the total. */
export const reserveScript = `${expire}
local used = tonumber(redis.call('get', KEYS[1]) or 0)
if used + tonumber(ARGV[2]) > tonumber(ARGV[3]) then return { 0, tostring(used) } end
redis.call('incrby', KEYS[1], ARGV[2])
redis.call('hset', KEYS[2], ARGV[1], ARGV[2])
redis.call('zadd', KEYS[3], now + ARGV[4], ARGV[1])
keep(ARGV[5])
return { 1, tostring(used + ARGV[2]) }
`;

/** ARGV: id. A reservation without a lease counts until it is settled. Returns 0 if its lease was over. */
export const beginScript = `${expire}
return redis.call('zrem', KEYS[3], ARGV[1])
`;

/** ARGV: id, lease and window in ms. Does nothing for a reservation that was given back. */
export const renewScript = `${expire}
redis.call('zadd', KEYS[3], 'XX', now + ARGV[2], ARGV[1])
keep(ARGV[3])
return 1
`;

/** ARGV: id, spent amount, window in ms. What a call spent counts even if its lease was over. */
export const settleScript = `${expire}
local reserved = redis.call('hget', KEYS[2], ARGV[1])
if reserved then
  redis.call('decrby', KEYS[1], reserved)
  redis.call('hdel', KEYS[2], ARGV[1])
  redis.call('zrem', KEYS[3], ARGV[1])
end
if ARGV[2] ~= '0' then redis.call('incrby', KEYS[1], ARGV[2]) end
keep(ARGV[3])
return 1
`;

/** Returns the total of a window. */
export const usedScript = `${expire}
return tostring(redis.call('get', KEYS[1]) or 0)
`;
