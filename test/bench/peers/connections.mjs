const { DATABASE_URL, DATABASE_POOL, DATABASE_IDLE_MS } = process.env;

/** What a peer's pool is opened with: as many connections as the platform's, kept as long while nobody asks. */
export const connections = {
  connectionString: DATABASE_URL,
  max: Number(DATABASE_POOL),
  idleTimeoutMillis: Number(DATABASE_IDLE_MS),
  options: '-c TimeZone=UTC',
};
